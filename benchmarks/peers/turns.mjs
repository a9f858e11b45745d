// A rival in a process of its own, in JavaScript: it is told by lines on standard input when it is its turn.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

// What a process is started with: the carts, and whatever else its rival reads.
export const work = JSON.parse(readFileSync(process.argv[2], "utf8"));

// Answer each line of standard input with one line: {"do": "time"} with what each cart cost, in nanoseconds, of the
// processor and of the clock; {"do": "figures", "only": id or null} with the figures of each cart. `price` may be
// asynchronous; `prepare` is not timed.
export async function serve({ version, prepare, price, figures }) {
  answer({ version });
  for await (const line of createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line);
    answer(asked.do === "time" ? await timed(prepare, price) : { figures: await figures(asked.only) });
  }
}

async function timed(prepare, price) {
  const cpu = [];
  const wall = [];
  for (let index = 0; index < work.carts.length; index += 1) {
    const prepared = prepare(index);
    const began = process.hrtime.bigint();
    const before = process.cpuUsage();
    await price(prepared);
    const used = process.cpuUsage(before);
    wall.push(Number(process.hrtime.bigint() - began));
    cpu.push((used.user + used.system) * 1000);
  }
  return { cpu, wall };
}

function answer(data) {
  process.stdout.write(JSON.stringify(data) + "\n");
}
