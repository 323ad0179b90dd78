import { AssemblyRefused } from "./refusal.ts";
import { isObject, type Resource, type Template } from "./template.ts";

/** Logical ids so that each comes after those it names. Throws `AssemblyRefused` for a circle. */
export function creationOrder({ Resources = {} }: Template): readonly string[] {
  const ordered = new Set<string>();
  const visit = (id: string, path: readonly string[]) => {
    const resource = Resources[id];
    if (!resource || ordered.has(id)) return;
    if (path.includes(id)) {
      throw new AssemblyRefused(`circular dependency: ${[...path, id].join(" → ")}`);
    }
    for (const dependency of dependenciesOf(resource)) visit(dependency, [...path, id]);
    ordered.add(id);
  };
  for (const id of Object.keys(Resources)) visit(id, []);
  return [...ordered];
}

/** Logical ids, parameters and pseudo parameters that a resource names. */
export function dependenciesOf({ DependsOn = [], Properties }: Resource): readonly string[] {
  return [...[DependsOn].flat(), ...namedIn(Properties)];
}

function namedIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namedIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [...namedBy(key, item), ...namedIn(item)]);
}

function namedBy(key: string, item: unknown): string[] {
  switch (key) {
    case "Ref":
      return [String(item)];
    case "Fn::GetAtt":
      return [String(Array.isArray(item) ? item[0] : String(item).split(".")[0])];
    case "Fn::Sub": {
      const text = String(Array.isArray(item) ? item[0] : item);
      return [...text.matchAll(/\$\{([^!}.]+)/g)].map(([, name]) => String(name));
    }
    default:
      return [];
  }
}
