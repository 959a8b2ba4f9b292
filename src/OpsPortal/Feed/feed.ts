import { HttpError, type HubConnection, HubConnectionBuilder, HubConnectionState, LogLevel } from '@microsoft/signalr';
import { backoff } from './backoff';
import { type Frame, VERSION } from './frames';

export type Link = 'connecting' | 'open' | 'reconnecting' | 'signed-out' | 'not-allowed';

export interface FeedListener {
  frame(frame: Frame, isSnapshot: boolean): void;
  link(link: Link): void;
}

export interface Feed {
  stop(): void;
}

// A frame comes at least every second; this long without one and the connection is taken for dead.
const DEAD_AFTER = 12_000;
// Back in the foreground with frames older than this: start from a fresh snapshot.
const OLD_AFTER = 3_000;

/** Follows the feed until stopped: connects, watches, and comes back for ever. */
export function followFeed(url: string, listener: FeedListener): Feed {
  const connection = new HubConnectionBuilder().withUrl(url).configureLogging(LogLevel.None).build();
  let stopped = false;
  let attempt = 0;
  let heardAt = performance.now();
  let retry: ReturnType<typeof setTimeout> | undefined;

  const take = (frame: Frame, isSnapshot: boolean) => {
    heardAt = performance.now();
    if (frame.version === VERSION) {
      listener.frame(frame, isSnapshot);
    } else {
      // A newer portal speaks: this page is older than its server.
      location.reload();
    }
  };
  connection.on('snapshot', (frame: Frame) => take(frame, true));
  connection.on('changes', (frame: Frame) => take(frame, false));
  connection.onclose(() => comeBack(undefined));

  async function open(): Promise<void> {
    clearTimeout(retry);
    try {
      heardAt = performance.now();
      await connection.start();
      await connection.invoke('Watch', {});
      attempt = 0;
      listener.link('open');
    } catch (problem) {
      await quietly(connection);
      comeBack(problem);
    }
  }

  function comeBack(problem: unknown): void {
    if (stopped) {
      return;
    }

    listener.link(linkAfter(problem));
    clearTimeout(retry);
    retry = setTimeout(open, backoff(attempt++, Math.random));
  }

  const watchdog = setInterval(() => {
    if (connection.state === HubConnectionState.Connected && performance.now() - heardAt > DEAD_AFTER) {
      heardAt = performance.now();
      void connection.stop();
    }
  }, 1_000);
  const shown = () => {
    if (document.visibilityState === 'visible' && performance.now() - heardAt > OLD_AFTER) {
      attempt = 0;
      if (connection.state === HubConnectionState.Connected) {
        void connection.stop();
      } else if (connection.state === HubConnectionState.Disconnected) {
        void open();
      }
    }
  };
  document.addEventListener('visibilitychange', shown);
  listener.link('connecting');
  void open();

  return {
    stop() {
      stopped = true;
      clearInterval(watchdog);
      clearTimeout(retry);
      document.removeEventListener('visibilitychange', shown);
      void quietly(connection);
    },
  };
}

function linkAfter(problem: unknown): Link {
  if (problem instanceof HttpError && (problem.statusCode === 401 || problem.statusCode === 403)) {
    return problem.statusCode === 401 ? 'signed-out' : 'not-allowed';
  }

  // The hub says no in words; there is nothing else to tell it from a broken connection by.
  return problem instanceof Error && problem.message.includes('may not read') ? 'not-allowed' : 'reconnecting';
}

async function quietly(connection: HubConnection): Promise<void> {
  try {
    await connection.stop();
  } catch {
    // Closing a connection that never opened: there is nothing left to close.
  }
}
