// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

/** Keeps the events of a session, so that its streams can be resumed. */
export class EventStore {
    events = [];

    async storeEvent(streamId, message) {
        this.events.push({ streamId, message });
        return `${streamId}/${this.events.length}`;
    }

    async getStreamIdForEventId(eventId) {
        return eventId.slice(0, eventId.lastIndexOf("/"));
    }

    async replayEventsAfter(lastEventId, { send }) {
        const cut = lastEventId.lastIndexOf("/");
        const streamId = lastEventId.slice(0, cut);
        for (let index = Number(lastEventId.slice(cut + 1)); index < this.events.length; ++index) {
            const event = this.events[index];
            if (event.streamId === streamId && Object.keys(event.message).length > 0) {
                await send(`${streamId}/${index + 1}`, event.message);
            }
        }
        return streamId;
    }
}
