/** Words of Go's text/template. */
const language =
  "if else end range with define template block break continue nil true false and or not eq ne lt le gt ge " +
  "call html index slice js len print printf println urlquery";

/** sprig v3, as External Secrets has it (without env and expandenv). */
const sprig = `
  abbrev abbrevboth trunc trim upper lower title untitle substr repeat trimAll trimall trimSuffix trimPrefix nospace
  initials randAlphaNum randAlpha randAscii randNumeric randInt swapcase shuffle snakecase camelcase kebabcase wrap wrapWith
  contains hasPrefix hasSuffix quote squote cat indent nindent replace plural sha1sum sha256sum sha512sum adler32sum toString
  atoi int64 int float64 seq toDecimal split splitList splitn toStrings until untilStep add1 add sub div mod mul add1f addf subf
  divf mulf biggest max min maxf minf ceil floor round join sortAlpha default empty coalesce all any compact mustCompact
  fromJson toJson toPrettyJson toRawJson mustFromJson mustToJson mustToPrettyJson mustToRawJson ternary deepCopy mustDeepCopy
  typeOf typeIs typeIsLike kindOf kindIs deepEqual base dir clean ext isAbs osBase osClean osDir osExt osIsAbs getHostByName
  b64enc b64dec b32enc b32dec tuple list dict get set unset hasKey pluck keys pick omit merge mergeOverwrite mustMerge
  mustMergeOverwrite values append push mustAppend mustPush prepend mustPrepend first mustFirst rest mustRest last mustLast
  initial mustInitial reverse mustReverse uniq mustUniq without mustWithout has mustHas slice mustSlice concat dig chunk
  mustChunk bcrypt htpasswd genPrivateKey derivePassword buildCustomCert genCA genCAWithKey genSelfSignedCert
  genSelfSignedCertWithKey genSignedCert genSignedCertWithKey encryptAES decryptAES randBytes uuidv4 semver semverCompare fail
  regexMatch mustRegexMatch regexFindAll mustRegexFindAll regexFind mustRegexFind regexReplaceAll mustRegexReplaceAll
  regexReplaceAllLiteral mustRegexReplaceAllLiteral regexSplit mustRegexSplit regexQuoteMeta urlParse urlJoin ago date
  dateInZone dateModify date_in_zone date_modify duration durationRound htmlDate htmlDateInZone must_date_modify
  mustDateModify mustToDate now toDate unixEpoch hello empty`;

/** External Secrets' own (https://external-secrets.io/latest/guides/templating/). */
const own = `
  pkcs12key pkcs12keyPass pkcs12cert pkcs12certPass fullPemToPkcs12 fullPemToPkcs12Pass pemToPkcs12 pemToPkcs12Pass pemTruststoreToPKCS12
  pemTruststoreToPKCS12Pass jwkPublicKeyPem jwkPrivateKeyPem filterPEM filterCertChain certSANs toYaml fromYaml rsaDecrypt
  getSecretKey replace`;

const functions = new Set([language, sprig, own].join(" ").split(/\s+/).filter(Boolean));

/** Whether External Secrets' templates (engine v2) know a word. */
export const isTemplateFunction = (word: string): boolean => functions.has(word);
