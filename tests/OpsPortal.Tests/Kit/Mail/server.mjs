// A mail server for tests: node server.mjs '{"cert":"…","key":"…","user":"…","password":"…"}', each left out where there is none.
// Says "listening PORT", then each mail as a line of JSON. Lines on stdin, each answered with "ok": accept | refuse CODE | refuse-address CODE | silence
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { SMTPServer } from 'smtp-server';

const settings = JSON.parse(process.argv[2]);
let [does, code] = ['accept', 0];

function refusal() {
  const error = new Error('Refused, said the server of the tests');
  error.responseCode = code;
  return error;
}

const server = new SMTPServer({
  disabledCommands: settings.cert === undefined ? ['STARTTLS'] : [],
  ...(settings.cert === undefined ? {} : { cert: readFileSync(settings.cert), key: readFileSync(settings.key) }),
  authOptional: settings.user === undefined,
  allowInsecureAuth: settings.cert === undefined,
  onAuth(auth, session, done) {
    const known = auth.username === settings.user && auth.password === settings.password;
    done(known ? null : new Error('Invalid username or password'), known ? { user: auth.username } : undefined);
  },
  onRcptTo(address, session, done) {
    done(does === 'refuse-address' ? refusal() : null);
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      if (does === 'silence') {
        return;
      }

      if (does === 'refuse') {
        done(refusal());
        return;
      }

      const { mailFrom, rcptTo } = session.envelope;
      console.log(JSON.stringify({ from: mailFrom.address, to: rcptTo.map((one) => one.address), isProtected: session.secure, user: session.user ?? null, raw: Buffer.concat(chunks).toString('base64') }));
      done();
    });
  },
});
server.on('error', () => {});
const listening = server.listen(0, '127.0.0.1', () => console.log(`listening ${listening.address().port}`));
createInterface({ input: process.stdin }).on('line', (line) => {
  [does, code] = [line.split(' ')[0], Number(line.split(' ')[1] ?? 0)];
  console.log('ok');
}).on('close', () => process.exit(0));
