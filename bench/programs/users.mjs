/** Writes a table of users, a JSON object a line: those of `leat gen clicks`, each with a plan. Usage: node users.mjs COUNT. */
const count = Number(process.argv[2]);
const plans = ['free', 'basic', 'team', 'business', 'enterprise'];
const lines = [];
for (let id = 0; id < count; id++) {
  const plan = plans[Math.imul(id, 0x9e3779b1) >>> 29] ?? 'free';
  lines.push(JSON.stringify({ id: `u${id}`, name: `User ${id}`, plan, seats: 1 + (id % 50) }));
}
process.stdout.write(`${lines.join('\n')}\n`);
