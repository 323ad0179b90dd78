import type { Language } from "../../sla/language.ts";
import type { Catalogue } from "./catalogue.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { id } from "./id.ts";
import { nl } from "./nl.ts";
import { sv } from "./sv.ts";

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, de, fr, nl, sv, es, id };
