import { mountArchive } from './archive';
import { mountCopying } from './copying';
import { mountMerged } from './merged';

mountCopying(document, document.getElementById('copied'));
const merged = document.getElementById('merged');
if (merged !== null) {
  mountMerged(merged);
}

const news = document.getElementById('archive-news');
if (news !== null) {
  document.querySelectorAll<HTMLElement>('[data-archive]').forEach((box) => mountArchive(box, news));
}
