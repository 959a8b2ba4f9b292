import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { PostgreSQL, SQLite, sql } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Schema } from './wire';

const LOOK = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: '14px', height: '100%' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace", lineHeight: '1.5', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)', padding: '8px 0' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--text-faint)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--pressed) 35%, transparent)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-placeholder': { color: 'var(--text-faint)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--line-strong)' },
  '.cm-matchingBracket': { backgroundColor: 'var(--pressed)', outline: '1px solid var(--line-strong)' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--line-strong)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-completionDetail': { color: 'inherit' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--critical) 1.5px', textUnderlineOffset: '4px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--critical)' },
});

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--warning)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--watch)' },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: 'var(--text-faint)', fontStyle: 'italic' },
  { tag: [tags.special(tags.name)], color: 'var(--focus)' },
]);

export interface Editor {
  text(): string;
  setText(text: string): void;
  /** Puts another text in its place, which can be undone. */
  replace(text: string): void;
  /** What is selected and where it begins; null when nothing is. */
  selection(): { text: string; from: number } | null;
  insert(text: string): void;
  schema(schema: Schema): void;
  /** Marks the word at a place as wrong, and goes there. */
  point(position: number, reason: string): void;
  clear(): void;
  focus(): void;
}

// What the browser is about to replace. The editor may not have heard of a selection that was only just made, so the page is asked first; in a shadow root that is Chromium's
// own way, and elsewhere what the editor knows has to do.
function selected(view: EditorView): { from: number; to: number } {
  const own = (view.root as Partial<Pick<Document, 'getSelection'>>).getSelection?.();
  if (own?.anchorNode && own.focusNode && view.contentDOM.contains(own.anchorNode) && view.contentDOM.contains(own.focusNode)) {
    const [anchor, head] = [view.posAtDOM(own.anchorNode, own.anchorOffset), view.posAtDOM(own.focusNode, own.focusOffset)];
    return { from: Math.min(anchor, head), to: Math.max(anchor, head) };
  }

  return view.state.selection.main;
}

// Typed over a selection, a browser would carry the old text's look over as a style attribute, which the policy forbids and reports. Brackets and quotes are the editor's own.
function replaceSelection(event: InputEvent, view: EditorView): boolean {
  if (event.inputType !== 'insertText' || event.data === null || view.composing || /^[()[\]{}'"]$/.test(event.data)) {
    return false;
  }

  const { from, to } = selected(view);
  if (from === to) {
    return false;
  }

  event.preventDefault();
  view.dispatch({ changes: { from, to, insert: event.data }, selection: { anchor: from + event.data.length }, scrollIntoView: true, userEvent: 'input.type' });
  return true;
}

/**
 * The editor, in a shadow root: there its styles are sheets of their own, which the content security policy allows; outside they would be style elements, which it forbids.
 */
export function mountEditor(host: HTMLElement, events: { changed(text: string): void; selected(isAny: boolean): void; run(): void; format(): void }): Editor {
  const language = new Compartment();
  const extensions = [
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (events.run(), true) }, { key: 'Shift-Alt-f', run: () => (events.format(), true) }, { key: 'Tab', run: acceptCompletion }])),
    lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(), autocompletion({ icons: false }), EditorView.lineWrapping,
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
    placeholder('SELECT … FROM …   (parameters are written :name)'),
    EditorView.contentAttributes.of({ 'aria-label': 'Query' }),
    LOOK, syntaxHighlighting(COLOURS), language.of(sql({ dialect: SQLite })),
    EditorView.domEventHandlers({ beforeinput: replaceSelection }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) {
        events.changed(update.state.doc.toString());
      }

      if (update.selectionSet || update.docChanged) {
        events.selected(!update.state.selection.main.empty);
      }
    }),
  ];
  const root = host.attachShadow({ mode: 'open' });
  const view = new EditorView({ state: EditorState.create({ extensions }), parent: root, root });
  const unmark = () => view.dispatch(setDiagnostics(view.state, []));
  return {
    text: () => view.state.doc.toString(),
    setText(text) {
      unmark();
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    replace(text) {
      unmark();
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, userEvent: 'input' });
      view.focus();
    },
    selection() {
      const { from, to } = view.state.selection.main;
      return from === to ? null : { text: view.state.sliceDoc(from, to), from };
    },
    insert(text) {
      view.dispatch(view.state.replaceSelection(text));
      view.focus();
    },
    schema(schema) {
      const tables = Object.fromEntries(schema.tables.map((table) => [table.name, table.columns.map((column) => ({ label: column.name, type: 'property', detail: column.serverType.toLowerCase() }))]));
      view.dispatch({ effects: language.reconfigure(sql({ dialect: schema.dialect === 'sqlite' ? SQLite : PostgreSQL, schema: tables, upperCaseKeywords: true })) });
    },
    point(position, reason) {
      const from = Math.min(position, view.state.doc.length);
      const word = view.state.wordAt(from);
      const to = Math.min(view.state.doc.length, word !== null && word.to > from ? word.to : from + 1);
      view.dispatch(setDiagnostics(view.state, [{ from: Math.min(from, to), to, severity: 'error', message: reason }]));
      view.dispatch({ effects: EditorView.scrollIntoView(from) });
    },
    clear: unmark,
    focus: () => view.focus(),
  };
}
