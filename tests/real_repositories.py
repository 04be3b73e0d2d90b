#!/usr/bin/env python3
"""Publishes real repositories with their whole histories, and says what became of each file.

usage: tests/real_repositories.py CLONES [--program build/ci/devy-upload] [--server build/ci/tests/git-http-server]
                                  [--earlier PROGRAM] [--keep FOLDER] [NAME]...

CLONES is a folder of clones, each CLONES/NAME or CLONES/NAME/repo; nothing is written to them, and nothing of
them belongs into this repository. Each is served by the tests' git server and uploaded to a private cluster.
Prints a row for each, in Markdown. Fails where posts, file errors and what was left out are not all the
Markdown files, or where `verify` finds a difference.

With --earlier, a program of version 1 publishes the commit in the middle of each history first. The database
is migrated then, and the tip published: every post whose file stayed the same must have kept its slug. Of a
repository whose tip has few of the middle's files the guard holds the upload: it counts as a failure.

--keep leaves the cluster, its configuration and the previews of six posts a repository in that folder.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

EXTENSIONS = ('.md', '.markdown', '.mdown', '.mkd', '.mkdn', '.mdwn')
DEADLINE = 1800  # seconds that one command may take
CLEAN = {name: value for name, value in os.environ.items()
         if not name.startswith(('PG', 'DEVY_', 'GIT_'))}


def run(command, env=None, text=None, may_fail=False):
    done = subprocess.run([str(word) for word in command], env=env or CLEAN, input=text, text=True,
                          capture_output=True, timeout=DEADLINE)
    if done.returncode and not may_fail:
        sys.exit(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def git(*words, env=None, text=None):
    return run(['git', '-c', 'safe.directory=*', *words], env, text).stdout.strip()


class Repository:
    """A bare repository beside a clone, whose objects it borrows."""

    def __init__(self, clone, bare):
        self.bare = bare
        source = git('-C', clone, 'rev-parse', '--absolute-git-dir')
        git('init', '-q', '--bare', '-b', 'main', bare)
        (bare / 'objects/info/alternates').write_text(f'{source}/objects\n')
        for name in ('uploadpack.allowFilter', 'uploadpack.allowAnySHA1InWant'):
            git('-C', bare, 'config', name, 'true')
        self.commits = git('-C', source, 'rev-list', '--first-parent', 'HEAD').split()

    def show(self, commit):
        """Serves the commit, without the files that the clone lacks. Returns what is shown."""
        date = git('-C', self.bare, 'show', '-s', '--format=%ct +0000', commit)
        env = dict(CLEAN, GIT_INDEX_FILE=str(self.bare / 'shown'), GIT_WORK_TREE=str(self.bare), GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date,
                   GIT_AUTHOR_NAME='t', GIT_AUTHOR_EMAIL='t@example.invalid', GIT_COMMITTER_NAME='t',
                   GIT_COMMITTER_EMAIL='t@example.invalid')
        missing = {line[1:] for line in git('-C', self.bare, 'rev-list', '--objects', '--no-walk', '--missing=print',
                                            commit).splitlines() if line.startswith('?')}
        entries = [line.split(maxsplit=3) for line in git('-c', 'core.quotePath=false', '-C', self.bare, 'ls-tree',
                                                          '-r', commit).splitlines()]
        gone = [path for _, _, blob, path in entries if blob in missing]
        shown = commit
        if gone:
            git('-C', self.bare, 'read-tree', commit, env=env)
            git('-C', self.bare, 'update-index', '--force-remove', '-z', '--stdin', env=env, text='\0'.join(gone))
            tree = git('-C', self.bare, 'write-tree', env=env)
            # Twice: the parents of what is fetched come with it, and they must have all their files, too.
            for _ in range(2):
                shown = git('-C', self.bare, 'commit-tree', tree, '-p', shown, '-m', 'Leave out what is missing',
                            env=env)
        git('-C', self.bare, 'update-ref', 'refs/heads/main', shown)
        return {path: blob for mode, _, blob, path in entries
                if path.lower().endswith(EXTENSIONS) and blob not in missing}


class Programs:
    def __init__(self, program, folder, url):
        self.program = program
        config = folder / 'devy-upload.toml'
        config.write_text(f'[git]\nurl_schemes = ["https", "http"]\nurl_hosts = ["{url.split("/")[2]}"]\n'
                          'allow_private_addresses = true\n')
        config.chmod(0o600)
        self.env = dict(CLEAN, DEVY_CONFIG=str(config), DEVY_CLUSTER_DIRECTORY=str(folder / 'pg'))
        self.conninfo = run([program, 'db', 'start'], self.env).stdout.strip()

    def __call__(self, *words, program=None, may_fail=False):
        return run([program or self.program, *words, '--db', self.conninfo], self.env, may_fail=may_fail)

    def json(self, *words, program=None, may_fail=False):
        done = self(*words, '--json', program=program, may_fail=may_fail)
        if not done.stdout:
            sys.exit(f"{' '.join(words)}: {done.stderr}")
        return json.loads(done.stdout)

    def sql(self, statement):
        done = run(['psql', '-XAtq', '-c', f'set search_path = devy; {statement}', self.conninfo], self.env)
        return [line.split('|') for line in done.stdout.splitlines()]


def upload(devy, blog, program=None):
    begun_at = time.monotonic()
    devy('trigger', blog, '--here', '--wait', program=program, may_fail=True)
    return time.monotonic() - begun_at


def posts_of(devy, blog):
    return {path: (slug, blob) for path, slug, blob in devy.sql(
        "select replace(p.path, '|', ' '), p.slug, p.blob from post p join blog b on b.id = p.blog_id "
        f"join account a on a.id = b.account_id where a.username || '/' || b.slug = '{blog}'")}


class Row:
    """What became of the files of one repository."""

    columns = ('repository', 'commits', 'Markdown files', 'posts', 'left out, by rule', 'file errors', 'warnings',
               'seconds', 'verify', 'slugs kept')

    def __init__(self, devy, name, blog, repository, files, seconds):
        record = devy.json('list', '--blog', blog, '-n', '1')[0]
        self.state, self.error = record['state'], record.get('error')
        left_out = record['left_out'] or {'markdown_files': 0, 'left_out': 0, 'counts': []}
        self.other = [count for count in left_out['counts'] if count['rule'] == 'other_format']
        self.left_out = [count for count in left_out['counts'] if count['rule'] != 'other_format']
        self.posts = len(posts_of(devy, blog))
        self.paths = set(posts_of(devy, blog))
        self.errors = devy.sql('select f.path, f.message from file_error f join blog b on b.id = f.blog_id '
                               f"where b.slug = '{blog.split('/')[1]}'")
        new_errors = [path for path, *_ in self.errors if path not in self.paths]
        self.warnings = int(devy.sql(f"select coalesce(jsonb_array_length(warnings), 0) from upload where operation_id = '{record['id']}'")[0][0])
        self.accounted = self.posts + len(new_errors) + sum(count['count'] for count in self.left_out)
        self.files = files
        verified = devy('verify', blog, may_fail=True)
        self.is_verified = verified.returncode == 0
        self.verified = verified.stdout + verified.stderr
        self.name, self.commits, self.seconds, self.slugs = name, len(repository.commits), seconds, ''

    def is_right(self):
        return self.state == 'completed' and self.is_verified and self.accounted == len(self.files)

    def print(self):
        counts = collections.Counter()
        for count in self.left_out + self.other:
            counts[f"{count['rule']} {count['name'] or ''}".strip()] += count['count']
        rules = ', '.join(f'{count} {rule}' for rule, count in counts.most_common())
        files = str(len(self.files)) if self.accounted == len(self.files) else f'{len(self.files)}, not {self.accounted}'
        cells = (self.name, self.commits, files, self.posts, rules, len(self.errors), self.warnings,
                 f'{self.seconds:.1f}', 'clean' if self.is_verified else 'DIFFERS', self.slugs)
        print('| ' + ' | '.join(map(str, cells)) + ' |', flush=True)
        if self.state != 'completed':
            print(f'  {self.state}: {self.error}')
        if not self.is_verified:
            print(self.verified)
        for path, message in self.errors[:5]:
            print(f'  file error: {path}: {message}')


def compare_slugs(before, after):
    """Returns how many posts of unchanged files are at their old slugs, as text, and those that are not."""
    same = {path for path in before if path in after and before[path][1] == after[path][1]}
    moved = [f'{path}: {before[path][0]}, now {after[path][0]}' for path in sorted(same)
             if before[path][0] != after[path][0]]
    return f'{len(same) - len(moved)} of {len(same)}', moved


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('clones', type=pathlib.Path)
    parser.add_argument('names', nargs='*')
    parser.add_argument('--program', default='build/ci/devy-upload')
    parser.add_argument('--server', default='build/ci/tests/git-http-server')
    parser.add_argument('--earlier')
    parser.add_argument('--keep', type=pathlib.Path)
    return parser.parse_intermixed_args(argv)


def slug_of(name):
    return re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')[:60]


def publish_earlier(devy, options, url, repositories):
    """Has the program of version 1 publish the middle of each history, then migrates the database."""
    devy.sql('drop schema if exists github cascade; drop schema devy cascade')
    devy('db', 'init', program=options.earlier)
    devy('account', 'add', 'demo', '--supporter', program=options.earlier)
    found = {}
    for name, repository in repositories.items():
        repository.show(repository.commits[len(repository.commits) // 2])
        blog = f'demo/{slug_of(name)}'
        devy('blog', 'connect', blog, f'{url}/{slug_of(name)}.git', program=options.earlier)
        upload(devy, blog, program=options.earlier)
        found[name] = posts_of(devy, blog)
    devy('db', 'migrate', '--yes')
    return found


def clones_of(options):
    for folder in sorted(options.clones.iterdir()):
        clone = folder / 'repo' if (folder / 'repo').is_dir() else folder
        if clone.is_dir() and not folder.name.startswith(".") and (not options.names or folder.name in options.names):
            yield folder.name, clone


def try_all(options, folder, url):
    devy = Programs(options.program, folder, url)
    try:
        return report(options, folder, url, devy)
    finally:
        if not options.keep:
            run([options.program, 'db', 'stop'], devy.env, may_fail=True)


def report(options, folder, url, devy):
    repositories = {name: Repository(clone, folder / 'srv' / f'{slug_of(name)}.git')
                    for name, clone in clones_of(options)}
    before = publish_earlier(devy, options, url, repositories) if options.earlier else {}
    if not options.earlier:
        devy('account', 'add', 'demo', '--supporter')
    print('| ' + ' | '.join(Row.columns) + ' |\n|' + '---|' * len(Row.columns), flush=True)
    is_right = True
    for name, repository in repositories.items():
        blog = f'demo/{slug_of(name)}'
        files = repository.show(repository.commits[0])
        if not options.earlier:
            devy('blog', 'connect', blog, f'{url}/{slug_of(name)}.git')
        seconds = upload(devy, blog)
        row = Row(devy, name, blog, repository, files, seconds)
        moved = []
        if name in before:
            row.slugs, moved = compare_slugs(before[name], posts_of(devy, blog))
        row.print()
        for line in moved:
            print(f'  MOVED {line}')
        is_right = is_right and row.is_right() and not moved
    return is_right


def main(argv):
    options = parse(argv)
    folder = pathlib.Path(options.keep or tempfile.mkdtemp()).absolute()
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    (folder / 'srv').mkdir(parents=True)
    server = subprocess.Popen([options.server, folder / 'srv'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True, env=CLEAN)
    try:
        return 0 if try_all(options, folder, server.stdout.readline().strip()) else 1
    finally:
        server.terminate()
        if not options.keep:
            shutil.rmtree(folder)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
