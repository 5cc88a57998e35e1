const DECLARATION = /<!\s*(?:DOCTYPE|ENTITY)/i;

const XML_DECLARATION = /^<\?xml(?:\s+[a-z]+\s*=\s*(?:"[^"<>?]*"|'[^'<>?]*'))*\s*\?>/;

/** Text, CDATA, and tags without attributes: all that WeChat writes, and nothing that two readers could cut up differently. */
const PIECE = /[^<]+|<!\[CDATA\[[\s\S]*?\]\]>|<\/?[A-Za-z_][^<>"'=]*>/y;

/**
 * Whether an XML document may declare a type or entities. A user may well write `<!DOCTYPE html>` in a message: inside CDATA it is
 * only text. But where the document holds anything that could make CDATA begin elsewhere for another reader (a comment, an
 * attribute, a processing instruction, something broken), no place is safe, and the words alone count.
 */
export const mayDeclare = (xml: string): boolean => DECLARATION.test(xml) && !isPlain(xml);

const isPlain = (xml: string): boolean => {
  PIECE.lastIndex = XML_DECLARATION.exec(xml)?.[0].length ?? 0;
  while (PIECE.lastIndex < xml.length) if (!PIECE.test(xml)) return false;
  return true;
};
