// What ids are called, by what the feed has told.

export class Names {
  constructor(feed) {
    this.feed = feed;
  }

  user(id) {
    const { guilds, personas, bots } = this.feed.world;
    for (const guild of guilds) {
      const member = guild.members.find((one) => one.id === id);
      if (member) return member.name;
    }
    return [...personas, ...bots].find((one) => one.id === id)?.name;
  }

  role(id) {
    for (const guild of this.feed.world.guilds) {
      const role = guild.roles.find((one) => one.id === id);
      if (role) return role;
    }
    return undefined;
  }

  /** As the persona sees it; undefined for one they do not see. */
  channel(personaId, id) {
    return this.channels(personaId).find((one) => one.id === id);
  }

  channels(personaId) {
    return this.feed.world.views[personaId]?.channels ?? [];
  }

  guildOf(channel) {
    return this.feed.world.guilds.find((one) => one.id === channel?.guild);
  }

  /** Who can be chosen in a channel: the guild's members, or the two of a direct message. */
  people(channel, personaId) {
    const guild = this.guildOf(channel);
    if (guild) return guild.members;
    const { personas, bots } = this.feed.world;
    return [...personas, ...bots].filter((one) => one.id === personaId || one.id === channel?.bot);
  }
}
