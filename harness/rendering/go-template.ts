/** Signs of Helm's own, which in a ResourceSet are text, and actions of a ResourceSet. */
const signs = /\{\{|<<([\s\S]*?)>>/g;
const texts = /"(?:\\.|[^"\\])*"|`[^`]*`/g;

/**
 * A template of flux-operator as one of Helm's: both are Go's, with sprig's functions, and differ in their signs and in how
 * the input set is named.
 */
export function helmTemplateOf(template: string, values: string): string {
  const body = template.replaceAll(signs, (sign, action?: string) =>
    action === undefined ? `{{ "${sign}" }}` : `{{${withInputs(action)}}}`,
  );
  return `{{- $inputs := ${values} -}}\n${body}`;
}

/** `inputs` is a function there; what stands in quotes is no name. */
function withInputs(action: string): string {
  const kept = action.match(texts) ?? [];
  const named = action.split(texts).map((part) => part.replaceAll(/(?<![\w.$])inputs\b/g, "$inputs"));
  return named.map((part, index) => `${part}${kept[index] ?? ""}`).join("");
}
