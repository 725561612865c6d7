// The control endpoints of the sandbox: what a persona does, and what they see.

/** Why the sandbox would not do it; the message is a sentence for the reader. */
export class Refused extends Error {}

export async function call(method, path, body) {
  let response;
  try {
    response = await fetch(`/sandbox${path}`, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused("The sandbox does not answer.");
  }
  const answer = await response.json();
  if (!response.ok) throw new Refused(sentence(answer.message));
  return answer;
}

/** What one persona can do. */
export class Acting {
  constructor(personaId) {
    this.id = personaId;
  }

  messages(channel) {
    return call("GET", `/messages?persona=${this.id}&channel=${channel}`);
  }

  commands(channel) {
    return call("GET", `/personas/${this.id}/commands?channel=${channel}`);
  }

  /** `action` is the last part of the endpoint's path, like "press". */
  act(action, body) {
    return call("POST", `/personas/${this.id}/${action}`, body);
  }
}

function sentence(text) {
  return text ? text[0].toUpperCase() + text.slice(1) : "It was refused.";
}
