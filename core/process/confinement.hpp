#pragma once
// What a child gives up before its role begins, by seccomp: it reads what strangers wrote, and one
// that was taken over by it should find nothing to reach for (reliability.md, "systemd unit"). What
// is given up fails with EPERM, as if the system forbade it; it is gone for whatever the child
// starts, too.
//
// Nobody may trace or read other processes, mount, change namespaces, load code into the kernel, or
// use io_uring, which would go past all this. Beyond that:

#include <string>

namespace devy::process {

enum class Confinement {
  none,      // the role of a test
  spawns,    // starts children: accepts no connections
  serves,    // accepts connections: starts no program, ends nobody
  fetches,   // talks to servers and writes files: starts no program, accepts nothing, ends nobody
  computes,  // its pipes alone: no socket either, and no file is opened for writing
};

// Whether this system has seccomp, and this build uses it: sanitizers and coverage write files of
// their own at the end, whatever the role.
[[nodiscard]] bool can_confine();

// Of this process, for good. Before its first thread. Empty, or why it cannot be; nothing is done
// where can_confine() is false.
[[nodiscard]] std::string confine(Confinement confinement);

}  // namespace devy::process
