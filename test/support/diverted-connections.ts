/** Connections to addresses of the internet that end at this machine: nothing of a test leaves it. */
import { type LookupFunction, Socket, type TcpNetConnectOpts } from 'node:net';

export interface DivertedConnections extends Disposable {
  /** The addresses to which connections were about to be made, after the lookup of their host. */
  readonly reached: string[];
}

/** Diverts each connection whose host is looked up to loopback, on the port that it asks for, until disposed. */
export function divertConnections(): DivertedConnections {
  const reached: string[] = [];
  const { connect } = Socket.prototype;
  // Node passes the options, or its own array of normalised arguments, which begins with them.
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    const [options] = args.flat() as [TcpNetConnectOpts];
    if (options.lookup) options.lookup = diverting(options.lookup, reached);
    return connect.apply(this, args as never);
  };
  return {
    reached,
    [Symbol.dispose]() {
      Socket.prototype.connect = connect;
    },
  };
}

function diverting(lookup: LookupFunction, reached: string[]): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, addresses) => {
      if (error || typeof addresses === 'string') return callback(error, addresses);
      reached.push(...addresses.map(({ address }) => address));
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    });
  };
}
