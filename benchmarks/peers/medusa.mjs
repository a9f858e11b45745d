// Medusa's promotion module: the service of `@medusajs/promotion` as it is published, with its tables in memory. Timed is
// `computeActions`, given the cart as Medusa's own workflows give it; what the database does is not.

import { createRequire } from "node:module";
import { serve, work } from "./turns.mjs";

const require = createRequire(`${process.env.PEERS_NODE}/`);
const { service: PromotionModuleService } = require("@medusajs/promotion").default;
const { version } = require("@medusajs/promotion/package.json");

const EVERY = 1000; // what Medusa demands where an amount is given for each unit: the most of them

const rule = (attribute, operator, ...values) => ({ attribute, operator, values: values.map((value) => ({ value })) });
const inCategory = (category) => rule("items.product.categories.id", "in", category);

const promotion = (code, rules, method, { type = "standard", automatic = true } = {}) => ({
  id: code,
  code,
  type,
  is_automatic: automatic,
  rules,
  application_method: { target_rules: [], buy_rules: [], ...method },
});

const percentOff = (code, value, category) =>
  promotion(code, [], {
    type: "percentage", target_type: "items", allocation: "each", max_quantity: EVERY, value, target_rules: [inCategory(category)],
  });

const amountOff = (code, value, target) =>
  promotion(code, [], {
    type: "fixed", target_type: "items", allocation: "each", max_quantity: EVERY, value, target_rules: [target],
  });

const buyGet = (code, buy, get, percent, category) =>
  promotion(code, [], {
    type: "percentage", target_type: "items", allocation: "each", value: percent,
    buy_rules: [inCategory(category)], buy_rules_min_quantity: buy,
    target_rules: [inCategory(category)], apply_to_quantity: get, max_quantity: EVERY,
  }, { type: "buyget" });

const amountOffOrder = (code, value, ...rules) =>
  promotion(code, rules, { type: "fixed", target_type: "order", value });

function rungs(code, steps) {
  return steps.map(([at, value], index) => {
    const next = steps[index + 1];
    const below = next ? [rule("item_total", "lt", `${next[0]}`)] : [];
    return amountOffOrder(`${code}:${at}`, value, rule("item_total", "gte", `${at}`), ...below);
  });
}

const OF_THE_ELEVEN = [
  buyGet("snacks", 2, 1, 100, "snacks"),
  buyGet("socks", 1, 1, 50, "socks"),
  amountOff("flash", 90, rule("items.product.id", "in", "FLASH-1")),
  ...rungs("ladder", [[200, 20], [300, 40], [500, 80]]),
  percentOff("tea", 15, "tea"),
  promotion("coupon", [], { type: "percentage", target_type: "order", value: 10 }, { automatic: false }),
  amountOff("ware", 3, inCategory("ware")),
  promotion("post", [rule("item_total", "gte", "99")], {
    type: "percentage", target_type: "shipping_methods", allocation: "each", max_quantity: EVERY, value: 100,
  }),
];

const MADE = {
  percent: ({ id, value, category }) => percentOff(id, value, category),
  amount: ({ id, value, category }) => amountOff(id, value, inCategory(category)),
  third_free: ({ id, category }) => buyGet(id, 2, 1, 100, category),
  for_group: ({ id, value, group, from }) =>
    amountOffOrder(id, value, rule("customer.groups.id", "in", group), rule("item_total", "gte", `${from}`)),
};

const promotions = work.promotions ? work.promotions.map((each) => MADE[each.kind](each)) : OF_THE_ELEVEN;
promotions.sort((one, other) => other.application_method.value - one.application_method.value); // as the query asks
const coded = { SAVE10: "coupon" };

// -- the cart ---------------------------------------------------------------------------------

function contextOf(cart) {
  const items = cart.lines.map((line) => {
    const subtotal = Math.round(line.unit_price * 100) * line.quantity / 100;
    const categories = line.categories.map((id) => ({ id }));
    return { id: line.id, quantity: line.quantity, subtotal, original_total: subtotal, product: { id: line.sku, categories } };
  });
  const shipping = cart.shipments.map(({ id, options: [{ amount }] }) => ({ id, subtotal: Number(amount), original_total: Number(amount) }));
  return {
    currency_code: "cny",
    item_total: Math.round(items.reduce((sum, item) => sum + item.subtotal * 100, 0)) / 100,
    customer: { groups: (cart.customer?.segments ?? []).map((id) => ({ id })) },
    items,
    shipping_methods: shipping,
  };
}

// -- the tables -------------------------------------------------------------------------------

let rows = []; // what the query would answer with
const service = new PromotionModuleService(
  { baseRepository: { getFreshManager: () => ({}) }, promotionService: { list: async () => rows } },
  {},
);

const contexts = work.carts.map(contextOf);
const codes = work.carts.map((cart) => cart.codes.map((code) => coded[code]));
const found = work.carts.map((_, index) => {
  const left = work.found && new Set(work.found[index]); // those that the prefilter of the query leaves
  return promotions.filter((each) => (left ? left.has(each.id) : each.is_automatic || codes[index].includes(each.code)));
});

const compute = (index) => service.computeActions(codes[index], contexts[index], { prevent_auto_promotions: true });

// -- its turns --------------------------------------------------------------------------------

async function figures(only) {
  const all = [];
  for (let index = 0; index < contexts.length; index += 1) {
    rows = found[index].filter(({ code }) => only === null || code.split(":")[0] === only);
    all.push(amountsOf(await compute(index)));
  }
  return all;
}

function amountsOf(actions) {
  const parts = {};
  for (const { code, amount } of actions) {
    (parts[code.split(":")[0]] ??= []).push(amount.raw?.value ?? `${amount.numeric ?? amount}`);
  }
  return parts;
}

await serve({
  version,
  prepare: (index) => {
    rows = found[index];
    return index;
  },
  price: compute,
  figures,
});
