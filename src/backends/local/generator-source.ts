/**
 * A generator as the input of a run. It makes the same bytes each time, so a position is how many of them were read; to go
 * on, it makes those again and throws them away.
 */
import {
  type ByteSource,
  createGenerator,
  type Feed,
  type FeedPosition,
  type Generator,
  openListFeed,
  paceFeed,
} from '../../connectors/index.js';
import type { GenNode } from '../../plan/index.js';

function generatorSource(node: GenNode): ByteSource {
  const begin = (): Generator =>
    createGenerator({
      dataset: node.dataset,
      seed: node.seed,
      ...(node.count === undefined ? {} : { count: node.count }),
    });
  let generator = begin();
  let made = 0;
  let closed = false;
  const fill = (target: Uint8Array): number => {
    const count = generator.fill(target);
    made += count;
    return count;
  };
  return {
    name: `gen ${node.dataset}`,
    lengthBytes: undefined,
    // A turn of the event loop between two chunks, so that signals and a closed reader are noticed.
    read: (target) => new Promise((resolve) => setImmediate(() => resolve(closed ? 0 : fill(target)))),
    seek(offsetBytes) {
      if (offsetBytes < made) {
        generator = begin();
        made = 0;
      }
      const discarded = new Uint8Array(1 << 16);
      while (made < offsetBytes) {
        if (fill(discarded.subarray(0, Math.min(discarded.length, offsetBytes - made))) === 0) return;
      }
    },
    close() {
      closed = true;
    },
  };
}

/** The input of a gen node. */
export async function openGenerator(node: GenNode, position?: FeedPosition): Promise<Feed> {
  const open = () => Promise.resolve(generatorSource(node));
  const feed = await openListFeed({ paths: [`gen ${node.dataset}`], open, position, repeats: true });
  return node.ratePerSecond === undefined ? feed : paceFeed(feed, node.ratePerSecond);
}
