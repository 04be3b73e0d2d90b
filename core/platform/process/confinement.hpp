#pragma once
// Drops privileges of a child by seccomp before its role begins: the child reads untrusted input,
// and an attacker who takes it over should find nothing to use (reliability.md, "systemd unit"). A
// dropped system call fails with EPERM, as if the system forbade it; processes that the child
// starts inherit this.
//
// No role may trace or read other processes, mount, change namespaces, load code into the kernel,
// type into a terminal, or use io_uring, which would bypass all this. In addition:

#include <string>

namespace devy::process {

enum class Confinement {
  none,    // for the roles of tests
  spawns,  // starts children; accepts no connections
  serves,  // accepts connections; starts no program, sends no signals to others
  // Connects to servers, but to none over a Unix socket, and writes files; starts no program,
  // accepts nothing, sends no signals to others. It restricts the files itself, where it knows them
  // (file_access.hpp).
  fetches,
  // Uses its pipes only: it opens no socket and no file for writing, and where there is Landlock it
  // reads none but those of programs.
  computes,
};

// Tells whether this system has seccomp and this build uses it: sanitizers and coverage write files
// at exit, whatever the role, so builds with them do not.
[[nodiscard]] bool can_confine();

// Confines this process permanently. Call it before the first thread. Returns an empty text, or why
// it failed; does nothing when can_confine() is false.
[[nodiscard]] std::string confine(Confinement confinement);

}  // namespace devy::process
