import { say } from '../Layout/dom';

/** Buttons that copy the text of the element they name, and say that they did. Returns what takes them off again. */
export function mountCopying(root: ParentNode, news: Element | null, write = (text: string) => navigator.clipboard.writeText(text)): () => void {
  const buttons = [...root.querySelectorAll<HTMLButtonElement>('button[data-copies]')];
  const copy = async (event: Event) => {
    const button = event.currentTarget as HTMLButtonElement;
    const text = root.querySelector(`#${button.dataset['copies']}`)?.textContent ?? '';
    let words = 'Copied.';
    try {
      await write(text);
    } catch {
      words = 'The browser did not let it be copied: select the text and copy it by hand.';
    }

    button.title = words;
    if (news !== null) {
      say(news, words);
    }
  };
  buttons.forEach((button) => button.addEventListener('click', copy));
  return () => buttons.forEach((button) => button.removeEventListener('click', copy));
}
