#!/usr/bin/python3
"""OpenStack Swift with its S3 API: the proxy, account, container and object servers of Debian's
python3-swift in one process, on loopback, below a folder of the caller's.

usage: swift_server.py FOLDER

Prints the address of its S3 API once it listens, and ends when its input does. The access key is
test:tester, the secret one testing, the bucket devy, the region us-east-1.
"""

import os
import sys

import eventlet

eventlet.monkey_patch()

import eventlet.wsgi  # noqa: E402
from swift.common import utils  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402

folder = os.path.realpath(sys.argv[1])
os.makedirs(folder + "/rings", exist_ok=True)
os.makedirs(folder + "/devices/sda1", exist_ok=True)
if os.geteuid() == 0:  # Swift wants no root.
    os.chmod(folder, 0o755)
    for path, names, files in os.walk(folder):
        for name in names + files:
            os.chown(os.path.join(path, name), 65534, 65534)
    os.chown(folder, 65534, 65534)
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
os.environ["HOME"] = folder

with open(folder + "/swift.conf", "w") as file:
    file.write("[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n"
               "[storage-policy:0]\nname = zero\ndefault = yes\n")
utils.SWIFT_CONF_FILE = folder + "/swift.conf"
utils.HASH_PATH_PREFIX, utils.HASH_PATH_SUFFIX = b"a", b"b"

from swift.common import storage_policy  # noqa: E402

storage_policy.SWIFT_CONF_FILE = utils.SWIFT_CONF_FILE
storage_policy.reload_storage_policies()


class Quiet:
    """Throws away what the servers write of each request."""

    def write(self, *_):
        pass

    def flush(self):
        pass


def listen():
    return eventlet.listen(("127.0.0.1", 0), backlog=128)


sockets = {name: listen() for name in ("account", "container", "object", "proxy")}
for name in ("account", "container", "object"):
    builder = RingBuilder(4, 1, 0)
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "weight": 1, "ip": "127.0.0.1",
                     "port": sockets[name].getsockname()[1], "device": "sda1"})
    builder.rebalance()
    builder.get_ring().save(folder + "/rings/%s.ring.gz" % name)

from swift.account import server as account_server  # noqa: E402
from swift.container import server as container_server  # noqa: E402
from swift.obj import server as object_server  # noqa: E402
from swift.common.wsgi import loadapp, make_pre_authed_request  # noqa: E402

storage = {"devices": folder + "/devices", "mount_check": "false", "swift_dir": folder + "/rings",
           "bind_ip": "127.0.0.1", "log_level": "CRITICAL", "disable_fallocate": "true"}
applications = {
    "account": account_server.AccountController(dict(storage)),
    "container": container_server.ContainerController(dict(storage)),
    "object": object_server.ObjectController(dict(storage)),
}
with open(folder + "/proxy.conf", "w") as file:
    file.write(f"""[DEFAULT]
swift_dir = {folder}/rings
log_level = CRITICAL
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats s3api tempauth bulk slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
max_upload_part_num = 10000
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
max_manifest_segments = 10000
concurrency = 4
""")
applications["proxy"] = loadapp(folder + "/proxy.conf", global_conf={"log_level": "CRITICAL"})



class Cache:
    """In place of memcached, for one process."""

    def __init__(self):
        self.values = {}

    def get(self, key, *_, **__):
        return self.values.get(key)

    def set(self, key, value, *_, **__):
        self.values[key] = value

    def incr(self, key, delta=1, *_, **__):
        self.values[key] = int(self.values.get(key, 0)) + int(delta)
        return self.values[key]

    def decr(self, key, delta=1, *_, **__):
        return self.incr(key, -int(delta))

    def delete(self, key, *_, **__):
        self.values.pop(key, None)


def with_cache(application, cache=Cache()):
    def call(environment, start_response):
        environment["swift.cache"] = cache
        return application(environment, start_response)
    return call


applications["proxy"] = with_cache(applications["proxy"])
for name, application in applications.items():
    eventlet.spawn(eventlet.wsgi.server, sockets[name], application, Quiet(), keepalive=True,
                   log_output=False, debug=False)


def make_buckets():
    """By Swift's own protocol, so that no S3 client has to."""
    for bucket in ("devy", "devy+segments"):
        request = make_pre_authed_request({}, "PUT", "/v1/AUTH_test/" + bucket)
        answer = request.get_response(applications["proxy"])
        if answer.status_int // 100 != 2:
            sys.exit("unable to make the bucket: " + answer.status)


make_buckets()
print("http://127.0.0.1:%d" % sockets["proxy"].getsockname()[1], flush=True)
eventlet.tpool.execute(sys.stdin.read)
os._exit(0)
