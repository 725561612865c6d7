// What a select offers: its own options, or the users, roles and channels of where it stands.

const USER = 5;
const ROLE = 6;
const MENTIONABLE = 7;
const CHANNEL = 8;

/** For `selectMenu`; `where` is that of the message. */
export function choicesOf(select, where) {
  if (select.options) return select.options;
  const defaults = new Set((select.default_values ?? []).map((one) => one.id));
  return offered(select, where).map((one) => ({ ...one, default: defaults.has(one.value) }));
}

function offered(select, { names, channel, personaId }) {
  const people = names.people(channel, personaId).map((one) => ({
    value: one.id,
    label: `@${one.name}`,
  }));
  const roles = (names.guildOf(channel)?.roles ?? []).map((one) => ({
    value: one.id,
    label: one.name.startsWith("@") ? one.name : `@${one.name}`,
    // Among people a role may have the name of one.
    description: select.type === MENTIONABLE ? "Role" : undefined,
  }));
  if (select.type === USER) return people;
  if (select.type === ROLE) return roles;
  if (select.type === MENTIONABLE) return [...people, ...roles];
  if (select.type !== CHANNEL) return [];
  return names
    .channels(personaId)
    .filter((one) => one.guild === channel?.guild)
    .filter((one) => !select.channel_types?.length || select.channel_types.includes(one.type))
    .map((one) => ({ value: one.id, label: `#${one.name}` }));
}
