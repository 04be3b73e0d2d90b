#!/usr/bin/env python3
"""Runs the commands of the adversarial review (tests/FINDINGS.md, H, M and L) against a live daemon.

usage: tests/live_review.py [--build build/ci] [--fill prune_10000_blogs.sql]

Starts a private cluster, the tests' git server and a daemon; signs and posts what the review signed and
posted; prints a row a finding: what was seen, and whether that is as it should be. Fails where one is not.
--fill times the pruning of what that SQL file of the review puts into a fresh database.
"""
import argparse
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(('PG', 'DEVY_', 'GIT_'))}
VICTIM, MALLORY = 111, 999
PATIENCE = 30  # seconds to wait for a state


def run(command, env=CLEAN, may_fail=False, **more):
    done = subprocess.run([str(word) for word in command], env=env, text=True, capture_output=True, timeout=600, **more)
    if done.returncode and not may_fail:
        sys.exit(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


class Refusing(http.server.BaseHTTPRequestHandler):
    """A remote that always answers 429."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.send_response(429)
        self.send_header('Retry-After', '1')
        self.send_header('Content-Length', '0')
        self.end_headers()


class Review:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.rows = []
        self.git = subprocess.Popen([options.build / 'tests/git-http-server', folder / 'srv'], stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, text=True, env=CLEAN)
        self.git_url = self.git.stdout.readline().strip()
        self.refusing = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Refusing)
        threading.Thread(target=self.refusing.serve_forever, daemon=True).start()
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            self.port = free.getsockname()[1]
        for name, scope in (('v', VICTIM), ('a', MALLORY)):
            path = folder / name
            path.write_text(f'a secret of thirty-two bytes, of {name}\n')
            path.chmod(0o600)
        config = folder / 'devy-upload.toml'
        config.write_text(f'''runtime_directory = "{folder}/run"
[git]
url_schemes = ["http"]
url_hosts = ["{self.git_url[7:]}", "127.0.0.1:{self.refusing.server_port}"]
allow_private_addresses = true
[admin]
address = "unix:{folder}/admin"
[listener]
addresses = ["127.0.0.1:{self.port}"]
[webhook]
sender_check = "off"
secrets = ["v {folder}/v for {VICTIM}", "a {folder}/a for {MALLORY}"]
[web]
addresses = []
''')
        config.chmod(0o600)
        (folder / 'run').mkdir()
        self.env = dict(CLEAN, DEVY_CONFIG=str(config), DEVY_CLUSTER_DIRECTORY=str(folder / 'pg'))
        self.conninfo = run([options.build / 'devy-upload', 'db', 'start'], self.env).stdout.strip()
        for name, github_id in (('victim', VICTIM), ('mallory', MALLORY)):
            self.make_repository(name, f'# Hello of {name}\n')
            self.devy('account', 'add', name, '--supporter')
            self.devy('blog', 'connect', f'{name}/blog', self.url(name), '--github-id', str(github_id))
        self.log = open(folder / 'log', 'w')
        self.daemon = subprocess.Popen([options.build / 'devy-uploadd', '--db', self.conninfo], env=self.env,
                                       stderr=self.log, stdout=self.log)
        self.wait(self.is_ready, 'the daemon')

    def end(self):
        self.daemon.terminate()
        self.daemon.wait()
        self.git.terminate()
        self.refusing.shutdown()
        run([self.options.build / 'devy-upload', 'db', 'stop'], self.env, may_fail=True)

    # ---- the machine
    def devy(self, *words, may_fail=False):
        return run([self.options.build / 'devy-upload', *words, '--db', self.conninfo], self.env, may_fail)

    def sql(self, statement, may_fail=False):
        done = run(['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', f'set search_path = devy; {statement}', self.conninfo],
                   self.env, may_fail)
        return done.stdout.strip() if done.returncode == 0 else done.stderr.strip()

    def url(self, name):
        return f'{self.git_url}/{name}.git'

    def make_repository(self, name, text):
        bare, work = self.folder / 'srv' / f'{name}.git', self.folder / 'work' / name
        run(['git', 'init', '-q', '--bare', '-b', 'main', bare])
        run(['git', 'init', '-q', '-b', 'main', work])
        (work / 'a.md').write_text(text)
        identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid']
        run(['git', '-C', work, 'add', '-A'])
        run(['git', '-C', work, *identity, 'commit', '-q', '-m', 'Write'])
        run(['git', '-C', work, 'push', '-q', bare, 'main'])

    def is_ready(self):
        return '"daemon ready"' in (self.folder / 'log').read_text()

    @staticmethod
    def wait(is_there, what):
        ends_at = time.monotonic() + PATIENCE
        while not is_there():
            if time.monotonic() > ends_at:
                return False
            time.sleep(0.05)
        return True

    # ---- what is sent
    def send(self, secret, event, payload, guid=None, target=MALLORY):
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        key = (self.folder / secret).read_text().strip().encode()
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
        connection.request('POST', '/v1/webhooks', body, {
            'Content-Type': 'application/json', 'X-GitHub-Event': event, 'X-GitHub-Delivery': guid or str(uuid.uuid4()),
            'X-GitHub-Hook-Installation-Target-Type': 'repository', 'X-GitHub-Hook-Installation-Target-ID': str(target),
            'X-Hub-Signature-256': 'sha256=' + hmac.new(key, body, hashlib.sha256).hexdigest()})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def repository(self, github_id, name, **more):
        return {'id': github_id, 'full_name': f'{name}/blog', 'name': 'blog', 'owner': {'login': name},
                'clone_url': self.url(name), 'default_branch': 'main', 'private': False, 'pushed_at': 1700000000, **more}

    def push(self, github_id, name, after='e' * 40, **more):
        return {'ref': 'refs/heads/main', 'before': '0' * 40, 'after': after, 'created': False, 'deleted': False,
                'forced': False, 'head_commit': {'id': after, 'message': 'Push'}, 'commits': [],
                'repository': self.repository(github_id, name, **more), 'sender': {'login': name}}

    # ---- what is seen
    def check(self, finding, seen, is_right):
        self.rows.append(is_right)
        seen = ' '.join(seen.split())
        print(f"| {finding} | {seen} | {'as it should be' if is_right else 'WRONG'} |", flush=True)

    def repository_of(self, name):
        return self.sql("select concat_ws(' ', r.url, r.github_id, r.frozen_reason) from repository r join blog b on "
                        f"b.repository_id = r.id join account a on a.id = b.account_id where a.username = '{name}'")

    def trust(self):
        before = self.repository_of('victim')
        statuses = [self.send('a', 'push', self.push(MALLORY, 'victim'))[0],
                    self.send('a', 'repository', {'action': 'renamed', 'changes': {'repository': {'name': {'from': 'x'}}},
                                                  'repository': self.repository(MALLORY, 'mallory')})[0],
                    self.send('a', 'push', self.push(MALLORY, 'mallory'))[0]]
        victim = self.send('v', 'push', self.push(VICTIM, 'victim'), target=VICTIM)
        self.check('H1', f'{statuses}; the victim keeps {before}; its own push {victim[0]}',
                   self.repository_of('victim') == before and 'upload' in victim[1])
        mine = self.repository_of('mallory')
        renamed = {'action': 'renamed', 'changes': {'repository': {'name': {'from': 'x'}}},
                   'repository': dict(self.repository(MALLORY, 'other'), clone_url=f'{self.git_url}/other/private.git')}
        status = self.send('a', 'repository', renamed)[0]
        self.check('H2', f'{status}; the address stays {mine}', self.repository_of('mallory') == mine)
        # M5: the same bytes under another GUID.
        again = self.send('a', 'repository', renamed)
        self.check('M5', f'{again[0]} {again[1][:80].strip()}', 'duplicate' in again[1])
        removed = {'action': 'removed', 'installation': {'id': 5}, 'repository': {'id': MALLORY},
                   'repositories_added': [], 'repositories_removed': [{'id': VICTIM}]}
        status = self.send('a', 'installation_repositories', removed)[0]
        self.check('H3', f'{status}; the victim is {self.repository_of("victim")}',
                   status == 401 and self.repository_of('victim') == before)
        guid = str(uuid.uuid4())
        self.send('v', 'push', self.push(VICTIM, 'victim', 'a' * 40), guid, VICTIM)
        other = self.send('a', 'push', self.push(MALLORY, 'mallory', 'b' * 40), guid)
        own = self.sql("select id from operation order by arrival desc limit 1")
        self.check('L2', f'{other[0]} {other[1][:80].strip()}', own not in other[1] and other[0] >= 400)
        ahead = int(time.time()) + 10 * 365 * 86400
        self.send('v', 'push', self.push(VICTIM, 'victim', 'c' * 40, pushed_at=ahead), target=VICTIM)
        later = self.send('v', 'push', self.push(VICTIM, 'victim', 'd' * 40, pushed_at=int(time.time()) + 3600), target=VICTIM)
        self.wait(lambda: self.sql('select count(*) from operation where finished_at is null') == '0', 'the uploads')
        limit = self.sql("select coalesce(bool_and(completed_event_at < now() + interval '10 minutes'), true) from resource")
        self.check('L1', f'{later[0]} {later[1][:60].strip()}; no resource has heard of a time far ahead: {limit}',
                   limit == 't' and 'dropped' not in later[1])

    def machines(self):
        self.sql("insert into resource (kind, key, owner) values ('repository', '4123', 'other')")
        self.sql("insert into lease (resource_id) select id from resource r where key = '4123' on conflict do nothing")
        self.sql("insert into operation (id, kind, resource_id, owner, state, source) select gen_random_uuid(), 'upload', id, "
                 "owner, 'verified', 'webhook' from resource where key = '4123'")
        host = socket.gethostname()
        self.sql("set session_replication_role = replica; update operation set state = 'processing', attempt = 1 where "
                 "resource_id = (select id from resource where key = '4123'); update lease l set operation_id = o.id, "
                 f"worker = '{host}/0123abcd.4026531836/4123.777/1', lease_expires_at = now() + interval '30 s', "
                 "fence = 1 from operation o where o.resource_id = l.resource_id and o.state = 'processing' and l.resource_id = "
                 "(select id from resource where key = '4123')")
        time.sleep(8)  # the review saw it taken within five seconds
        seen = self.sql("select coalesce(worker, 'taken') from lease where resource_id = (select id from resource where key = '4123')")
        self.check('H4', f'after 8 s the lease is of {seen}', '4123.777' in seen)
        self.sql("set session_replication_role = replica; update lease set operation_id = null, worker = null, lease_expires_at "
                 "= null where resource_id = (select id from resource where key = '4123'); delete from operation where "
                 "resource_id = (select id from resource where key = '4123')")

    def bodies(self):
        held = []
        for _ in range(2):
            held.append(socket.create_connection(('127.0.0.1', self.port)))
            held[-1].sendall(b'POST /v1/webhooks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
                             b'Content-Length: 26214400\r\n\r\n{')
        statuses = []
        for size in (1000, 100_000):
            body = b'{"zen":"x","hook_id":1,"repository":{"id":999},"pad":"' + b'p' * size + b'"}'
            statuses.append(self.send('a', 'ping', body)[0])
        for connection in held:
            connection.close()
        self.check('M2', f'beside two announced bodies of 25 MiB: {statuses}', statuses == [200, 200])
        before = int(self.sql('select pg_database_size(current_database())'))
        for n in range(10):
            body = json.dumps({'action': 'created', 'repository': {'id': MALLORY}, 'n': n, 'pad': 'p' * (24 << 20)}).encode()
            self.send('a', 'star', body)
        grown = int(self.sql('select pg_database_size(current_database())')) - before
        self.check('M9', f'ten stars of 24 MiB: the database grew by {grown / 1e6:.1f} MB', grown < 10e6)

    def queue(self):
        self.sql("insert into resource (kind, key, owner) values ('zz', '1', 'zz'); insert into operation (id, kind, resource_id, "
                 "owner, state, source) select gen_random_uuid(), 'zz', id, 'zz', 'verified', 'webhook' from resource where kind = 'zz'")
        self.devy('account', 'add', 'slow', '--supporter')
        self.devy('blog', 'connect', 'slow/blog', f'http://127.0.0.1:{self.refusing.server_port}/slow.git', may_fail=True)
        self.devy('trigger', 'slow/blog')
        time.sleep(45)  # as long as the review watched
        kind = self.sql("select concat_ws(' ', state, attempt, (select count(*) from attempt t where t.operation_id = o.id)) "
                        "from operation o where kind = 'zz'")
        self.check('M8', f'an operation of kind zz after 45 s: {kind}', kind == 'verified 0 0')
        slow = self.sql("select concat_ws(' ', o.state, (select count(*) from attempt t where t.operation_id = o.id), "
                        "(select count(*) from operation_event e where e.operation_id = o.id)) from operation o join upload u on "
                        "u.operation_id = o.id join blog b on b.id = u.blog_id join account a on a.id = b.account_id where "
                        "a.username = 'slow'")
        state, attempts, events = slow.split()
        self.check('M7', f'after 45 s: {state}, {attempts} attempt rows, {events} events', int(events) <= 15 and int(attempts) <= 15)

    def rights(self):
        self.devy('db', 'roles', may_fail=True)
        refused = []
        for act in ("update devy.repository set url = 'x'", 'insert into devy.upload select * from devy.upload',
                    'select body from devy.delivery', 'select devy.resource_switch(1, false)'):
            seen = self.sql(f'set role devy_listener; {act}', may_fail=True)
            refused.append('permission denied' in seen or 'denied' in seen)
        self.check('M4', f'four acts of the listener that the review did: refused {refused}', all(refused))

    def folders(self):
        hostile = self.folder / 'hostile'
        hostile.mkdir()
        run(['git', 'init', '-q', hostile])
        (hostile / 'devy-upload.toml').write_text('[github]\napi_url = "http://127.0.0.1:1"\n')
        env = {name: value for name, value in self.env.items() if name != 'DEVY_CONFIG'}
        done = run([self.options.build / 'devy-upload', 'doctor', '--db', self.conninfo], env, may_fail=True, cwd=hostile)
        text = done.stdout + done.stderr
        self.check('M3', f'doctor in a clone with a configuration: exit {done.returncode}, {text.splitlines()[0][:120]}',
                   '127.0.0.1:1' not in text and done.returncode != 0)
        (self.folder / 'post').mkdir()
        (self.folder / 'post/a.md').write_text('---\n# draft: true\n---\n# Title\n')
        text = self.devy('check', self.folder / 'post', '--json', may_fail=True).stdout
        self.check('L4', f'front matter of comments: title Title: {"Title" in text}', '"draft: true"' not in text)

    def pruning(self):
        if not self.options.fill:
            return
        self.daemon.terminate()
        self.daemon.wait()
        run(['psql', '-Xq', '-c', 'create database prunable', self.conninfo], self.env)
        self.conninfo = self.conninfo.replace('dbname=devy', 'dbname=prunable')
        self.devy('db', 'init')
        done = run(['psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', self.options.fill, self.conninfo], self.env, may_fail=True)
        if done.returncode:
            self.check('H5', f'the file does not fit: {done.stderr.strip()[:200]}', False)
            return
        begun_at = time.monotonic()
        self.devy('prune', '--yes')
        seconds = time.monotonic() - begun_at
        left = self.sql("select count(*) from operation where finished_at < now() - interval '90 days'")
        self.check('H5', f'pruned in {seconds:.1f} s; {left} that are too old are left', left == '0')


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', type=pathlib.Path, default=pathlib.Path('build/ci'))
    parser.add_argument('--fill', type=pathlib.Path)
    options = parser.parse_args(argv)
    options.build = options.build.absolute()
    folder = pathlib.Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    for name in ('srv', 'work'):
        (folder / name).mkdir()
    review = Review(options, folder)
    try:
        print('| finding | seen | |\n|---|---|---|', flush=True)
        for part in (review.trust, review.machines, review.bodies, review.rights, review.folders, review.queue,
                     review.pruning):
            part()
    finally:
        review.end()
        shutil.rmtree(folder)
    return 0 if all(review.rows) else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
