// json-rules-engine: which of the eleven promotions match. One engine, its rules made once; each run is given the cart, and
// what the rules ask of it are facts that are computed when asked and kept for the run, as its documentation has it.

import { createRequire } from "node:module";
import { serve, work } from "./turns.mjs";

const require = createRequire(`${process.env.PEERS_NODE}/`);
const { Engine } = require("json-rules-engine");
const { version } = require("json-rules-engine/package.json");

const engine = new Engine();

async function measured(params, almanac, valueOf) {
  const lines = await almanac.factValue("lines");
  const { category, sku, seller } = params;
  let sum = 0;
  for (const line of lines) {
    if (category !== undefined && !line.categories.includes(category)) continue;
    if (sku !== undefined && line.sku !== sku) continue;
    if (seller !== undefined && line.seller !== seller) continue;
    sum += valueOf(line);
  }
  return sum;
}

engine.addFact("quantity", (params, almanac) => measured(params, almanac, (line) => line.quantity));
engine.addFact("spend", (params, almanac) => measured(params, almanac, (line) => line.quantity * line.cents));

const atLeast = (fact, params, value) => ({ fact, params, operator: "greaterThanInclusive", value });
const EVERYTHING = {};
const CONDITIONS = {
  flash: atLeast("quantity", { sku: "FLASH-1" }, 1),
  tea: atLeast("quantity", { category: "tea" }, 1),
  ware: atLeast("quantity", { category: "ware" }, 1),
  snacks: atLeast("quantity", { category: "snacks" }, 3),
  socks: atLeast("quantity", { category: "socks" }, 2),
  books: atLeast("quantity", { category: "books" }, 3),
  panda: atLeast("spend", { seller: "panda" }, 30000),
  ladder: atLeast("spend", EVERYTHING, 20000),
  coupon: { fact: "codes", operator: "contains", value: "SAVE10" },
  gift: atLeast("spend", EVERYTHING, 19900),
  post: atLeast("spend", EVERYTHING, 9900),
};
for (const [type, condition] of Object.entries(CONDITIONS)) {
  engine.addRule({ conditions: { all: [condition] }, event: { type } });
}

const facts = work.carts.map(({ lines, codes }) => ({
  codes,
  lines: lines.map((line) => ({ ...line, cents: Math.round(line.unit_price * 100) })),
}));

async function figures() {
  const all = [];
  for (const each of facts) {
    const { events } = await engine.run(each);
    all.push(Object.fromEntries(events.map(({ type }) => [type, true])));
  }
  return all;
}

await serve({ version, prepare: (index) => facts[index], price: (cart) => engine.run(cart), figures });
