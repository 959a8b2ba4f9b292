import { mountCopying } from './copying';

mountCopying(document, document.getElementById('copied'));
