import { XMLParser } from 'fast-xml-parser';
import { PushRefusal } from '../observer.ts';
import { storableText } from '../wechat/json.ts';
import { mayDeclare } from './declarations.ts';
import { emptyRecord, isRecord, MOST_LEVELS, type PushRecord, type PushValue } from './push-record.ts';
import { PushRefusedError } from './push-refused-error.ts';
import { UnreadablePushError } from './unreadable-push-error.ts';
import { decodeReferences } from './xml-references.ts';

const refuseDoctype = (): never => {
  throw new PushRefusedError(400, PushRefusal.DOCTYPE, 'the push holds a DOCTYPE');
};

// Keeps nothing from one document to the next, so it is a constant like a regular expression.
const parser = new XMLParser({
  preserveOrder: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: false,
  // Nothing here asks where in the document it is, and the library would write it out for every element.
  jPath: false,
  maxNestedTags: MOST_LEVELS,
  // The library's own decoder takes numeric references only together with all of HTML's names.
  entityDecoder: {
    decode: decodeReferences,
    // Called for a DOCTYPE only, none of which comes as far as here.
    addInputEntities: refuseDoctype,
    setExternalEntities() {},
    setXmlVersion() {},
    reset() {},
  },
});

/** @throws PushRefusedError 400 for a DOCTYPE or an entity declaration, UnreadablePushError for what is not well-formed */
export const readXml = (text: string): PushRecord => {
  if (mayDeclare(text)) refuseDoctype();
  const roots = parse(text).filter((node) => !(TEXT in node));
  const root = roots.length === 1 ? toPushValue(Object.values(roots[0]!)[0]) : undefined;
  if (!isRecord(root)) throw new UnreadablePushError('the push has no fields');
  return root;
};

const TEXT = '#text';
type XmlNode = { [TEXT]: string } | { [tag: string]: XmlNode[] };

const parse = (text: string): XmlNode[] => {
  try {
    return parser.parse(text, true);
  } catch (error) {
    if (error instanceof PushRefusedError) throw error;
    throw new UnreadablePushError('the push is not well-formed XML');
  }
};

const toPushValue = (children: XmlNode[]): PushValue => {
  const record = emptyRecord();
  let text = '';
  let isEmpty = true;
  for (const child of children) {
    for (const tag in child) {
      const value = (child as Record<string, string | XmlNode[]>)[tag]!;
      if (typeof value === 'string') text += value;
      else {
        append(record, tag, toPushValue(value));
        isEmpty = false;
      }
    }
  }
  // White space between the fields of a record is layout.
  return isEmpty ? storableText(text) : record;
};

/** One element is never an array by itself, so an array here holds the earlier ones of the same name. */
const append = (record: PushRecord, tag: string, value: PushValue): void => {
  const earlier = record[tag];
  if (earlier === undefined) record[tag] = value;
  else if (Array.isArray(earlier)) earlier.push(value);
  else record[tag] = [earlier, value];
};
