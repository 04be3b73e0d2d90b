// The child's side of child.hpp: limits first, then the role.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <new>
#include <utility>

#include "core/platform/process/child.hpp"
#include "core/platform/process/frame.hpp"

namespace devy::process {
namespace {

constexpr int unknown_role = 64;
constexpr int role_failed = 70;
// Far more than a fetch, a rendering or a worker needs (some thirty); who serves has a connection
// for each, and is bounded by its own settings and the unit.
constexpr rlim_t descriptors_max = 256;

#ifdef DEVY_SANITIZED
constexpr bool has_shadow_memory = true;  // terabytes of address space
#else
constexpr bool has_shadow_memory = false;
#endif

// Written before main's work begins and read once; a process has no other use of it.
struct RegisteredRole {
  Role play;
  Confinement confinement;
};
std::map<std::string, RegisteredRole, std::less<>>& roles() {
  static std::map<std::string, RegisteredRole, std::less<>> registered;
  return registered;
}

bool set_limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard) {
  const rlimit limit{soft, hard};
  return setrlimit(resource, &limit) == 0;
}

// A child of a limited process may be allowed less than it was given, never more.
rlim_t at_most_ours(__rlimit_resource_t resource, rlim_t wanted) {
  rlimit ours{};
  return getrlimit(resource, &ours) == 0 ? std::min(wanted, ours.rlim_max) : wanted;
}

bool apply_limits(const Greeting& greeting, Confinement confinement) {
  bool applied = set_limit(RLIMIT_CORE, 0, 0);
  if (confinement != Confinement::serves) {
    rlimit ours{};
    applied &= getrlimit(RLIMIT_NOFILE, &ours) == 0;
    const auto few = std::min(ours.rlim_cur, descriptors_max);
    applied &= set_limit(RLIMIT_NOFILE, few, few);
  }
  // SIGXCPU comes at the limit; the hard limit one second later kills a process that catches the
  // signal.
  if (greeting.cpu_seconds_max != 0)
    applied &= set_limit(RLIMIT_CPU, greeting.cpu_seconds_max, greeting.cpu_seconds_max + 1);
  if (has_shadow_memory || greeting.memory_bytes_max == 0) return applied;
  const auto limit = at_most_ours(RLIMIT_AS, greeting.memory_bytes_max);
  applied &= set_limit(RLIMIT_AS, limit, limit);
  return applied;
}

// Takes over the descriptors that posix_spawn left open for us; no later child inherits them by
// accident.
std::vector<int> read_descriptors(std::uint64_t count) {
  std::vector<int> descriptors;
  for (std::uint64_t n = 0; n < std::min<std::uint64_t>(count, child_descriptors_max); ++n) {
    const int descriptor = first_descriptor + static_cast<int>(n);
    if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0) descriptors.push_back(descriptor);
  }
  return descriptors;
}

// The pipes move to descriptors that no code prints to by accident.
Parent read_pipes() {
  const int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  const int output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing >= 0) dup2(nothing, STDIN_FILENO);
  if (nothing > STDERR_FILENO) close(nothing);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  return {input, output};
}

int run(const Role& role, Parent& parent) {
  try {
    return role(parent);
  } catch (const std::bad_alloc&) {
    return child_out_of_memory;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "devy child: %s\n", error.what());
    return role_failed;
  }
}

// False at the end of input.
bool read_exactly(int descriptor, char* to, std::size_t size) {
  while (size > 0) {
    const auto count = read(descriptor, to, size);
    if (count == 0 || (count < 0 && errno != EINTR)) return false;
    if (count < 0) continue;
    to += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

std::optional<std::string> Parent::receive(std::size_t bytes_max) {
  std::string header(frame_header_bytes, '\0');
  if (!read_exactly(input_, header.data(), header.size())) return std::nullopt;
  const auto length = frame_length(header);
  if (length > bytes_max) return std::nullopt;
  std::string frame(length, '\0');
  if (!read_exactly(input_, frame.data(), frame.size())) return std::nullopt;
  return frame;
}

void Parent::send(std::string_view frame) {
  if (frame.size() > frame_bytes_max) std::_Exit(role_failed);
  const std::string bytes = frame_header(frame.size()) + std::string(frame);
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto count = write(output_, bytes.data() + sent, bytes.size() - sent);
    // Nobody is left to read the reason.
    if (count < 0 && errno != EINTR) std::_Exit(role_failed);
    if (count > 0) sent += static_cast<std::size_t>(count);
  }
}

void register_role(std::string name, Role role, Confinement confinement) {
  roles().insert_or_assign(std::move(name), RegisteredRole{std::move(role), confinement});
}

std::optional<int> run_child_role(int argc, char** argv) {
  if (argc != 2) return std::nullopt;
  const std::string_view argument = argv[1];
  if (!argument.starts_with(child_argument)) return std::nullopt;

  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  signal(SIGPIPE, SIG_IGN);
  Parent parent = read_pipes();
  const auto frame = parent.receive(sizeof(Greeting));
  Greeting greeting;
  if (!frame || frame->size() != sizeof greeting) return role_failed;
  std::memcpy(&greeting, frame->data(), sizeof greeting);
  // The parent may have died before the death signal was requested.
  if (static_cast<std::uint64_t>(getppid()) != greeting.parent_pid) return role_failed;
  parent.set_descriptors(read_descriptors(greeting.descriptors));
  const auto role = roles().find(argument.substr(child_argument.size()));
  if (role == roles().end()) return unknown_role;
  if (!apply_limits(greeting, role->second.confinement)) return role_failed;
  if (const auto why = confine(role->second.confinement); !why.empty()) {
    std::fprintf(stderr, "devy child: unable to confine it: %s\n", why.c_str());
    return role_failed;
  }
  return run(role->second.play, parent);
}

}  // namespace devy::process
