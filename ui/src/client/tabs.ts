/** What tabs tell each other. Never who or with which token: a tab that wants to know asks the service. */
export type TabMessage = (typeof MESSAGES)[number];

const MESSAGES = ["changed", "ended", "token"] as const;

export interface Tabs {
  tell(message: TabMessage): void;
  /** Returns the function that stops listening. */
  listen(heard: (message: TabMessage) => void): () => void;
}

/** The other tabs of this origin that use the same service. */
export function openTabs(name: string): Tabs {
  let open: BroadcastChannel | null = null;
  return {
    tell(message) {
      if (typeof BroadcastChannel === "undefined") return;
      // A channel does not hear itself; a second one in this page would.
      const channel = open ?? new BroadcastChannel(name);
      channel.postMessage(message);
      if (channel !== open) channel.close();
    },
    listen(heard) {
      if (typeof BroadcastChannel === "undefined") return () => {};
      const channel = new BroadcastChannel(name);
      open = channel;
      channel.onmessage = ({ data }) => {
        if (MESSAGES.includes(data)) heard(data);
      };
      return () => {
        channel.close();
        open = null;
      };
    },
  };
}
