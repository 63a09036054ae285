import { useEffect, useRef, useState } from '../core/html.js';
import { ApiProblem } from '../core/api.js';

/** A request of Studio that is under way, or what came of it. */
export function useCall() {
  const [state, setState] = useState(/** @type {{ exchange?: import('./McpConnection.js').Exchange, problem?: Error, progress?: any, isRunning?: boolean }} */ ({}));
  const running = useRef(/** @type {AbortController | null} */ (null));
  useEffect(() => () => running.current?.abort(), []);

  /** @param {(options: { signal: AbortSignal, onMessage: (message: any) => void }) => Promise<import('./McpConnection.js').Exchange>} send */
  const run = async (send) => {
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    setState({ isRunning: true });
    const onMessage = (/** @type {any} */ message) => {
      if (message.method === 'notifications/progress') setState((before) => ({ ...before, progress: message.params }));
    };
    try {
      const exchange = await send({ signal: control.signal, onMessage });
      if (running.current === control) setState({ exchange });
    } catch (problem) {
      if (running.current !== control) return;
      setState(control.signal.aborted ? {} : { problem: problem instanceof ApiProblem ? problem : new ApiProblem(0, 'mcpr does not answer. Is it still running?') });
    }
  };

  return { ...state, run, stop: () => running.current?.abort(), clear: () => setState({}) };
}
