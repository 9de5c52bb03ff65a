/**
 * Which old segments are not worth keeping: a pure decision. A segment lives as long as one page in it does, so pages
 * that never change could hold back any amount of dead bytes. When less than half of a segment is live, its live
 * pages are written again; all segments together are then at most twice as large as the state. There is also a limit
 * to their number, since each is a file to open when the job comes back.
 */
import { type KeptPage, type PageIndex, pagesOf, type SegmentInfo } from './page-index.js';
import { aligned } from './segment.js';

const mostSegments = 48;

interface Life {
  readonly pages: KeptPage[];
  liveBytes: number;
}

function livesOf(index: PageIndex): Map<SegmentInfo, Life> {
  const lives = new Map<SegmentInfo, Life>();
  for (const page of pagesOf(index)) {
    if (page.place === undefined) continue;
    let life = lives.get(page.place.segment);
    if (life === undefined) {
      life = { pages: [], liveBytes: 0 };
      lives.set(page.place.segment, life);
    }
    life.pages.push(page);
    life.liveBytes += aligned(page.lengthBytes);
  }
  return lives;
}

/** The pages on the disk that are to be written again into the next segment. */
export function pagesToMove(index: PageIndex): readonly KeptPage[] {
  const lives = [...livesOf(index)];
  const moved: KeptPage[] = [];
  const staying: Life[] = [];
  for (const [{ pagesLengthBytes }, life] of lives) {
    if (life.liveBytes * 2 < pagesLengthBytes) moved.push(...life.pages);
    else staying.push(life);
  }
  staying.sort((a, b) => a.liveBytes - b.liveBytes);
  if (staying.length > mostSegments) {
    for (const life of staying.slice(0, staying.length - mostSegments / 2)) moved.push(...life.pages);
  }
  return moved;
}
