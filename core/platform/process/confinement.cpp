#include "core/platform/process/confinement.hpp"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <span>

#include "core/platform/process/file_access.hpp"

namespace devy::process {
namespace {

using Names = std::span<const char* const>;

constexpr std::array for_nobody{"ptrace",
                                "process_vm_readv",
                                "process_vm_writev",
                                "pidfd_getfd",
                                "mount",
                                "umount",
                                "umount2",
                                "pivot_root",
                                "move_mount",
                                "open_tree",
                                "fsopen",
                                "fsconfig",
                                "fsmount",
                                "fspick",
                                "mount_setattr",
                                "chroot",
                                "unshare",
                                "setns",
                                "bpf",
                                "perf_event_open",
                                "userfaultfd",
                                "io_uring_setup",
                                "io_uring_enter",
                                "io_uring_register",
                                "keyctl",
                                "add_key",
                                "request_key",
                                "init_module",
                                "finit_module",
                                "delete_module",
                                "kexec_load",
                                "kexec_file_load",
                                "reboot",
                                "open_by_handle_at",
                                "name_to_handle_at",
                                "acct",
                                "swapon",
                                "swapoff",
                                "modify_ldt",
                                "quotactl"};
constexpr std::array starting{"execve", "execveat"};
constexpr std::array accepting{"listen", "accept", "accept4"};
constexpr std::array ending{"pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "tkill"};
constexpr std::array ending_with_pid{"kill", "tgkill"};
constexpr std::array connecting{"socket", "socketpair", "connect", "bind"};
constexpr std::array writing{
    "creat",     "openat2",   "truncate", "truncate64", "unlink",      "unlinkat",  "rename",
    "renameat",  "renameat2", "link",     "linkat",     "symlink",     "symlinkat", "mkdir",
    "mkdirat",   "rmdir",     "mknod",    "mknodat",    "chmod",       "fchmod",    "fchmodat",
    "chown",     "fchown",    "lchown",   "fchownat",   "setxattr",    "lsetxattr", "fsetxattr",
    "utimensat", "futimesat", "utimes",   "utime",      "memfd_create"};
// Flags of open(2) each of which allows changing a file.
constexpr std::array<int, 4> writing_flags{O_WRONLY, O_RDWR, O_CREAT, O_TRUNC};
// Resolving names takes a netlink socket. Services of this machine, such as PostgreSQL, listen on
// Unix sockets, and so do helpers of the resolver: it does without those.
constexpr std::array<int, 3> families{AF_INET, AF_INET6, AF_NETLINK};
// Orders to a terminal that type into it, as if its user had: stderr may be the operator's.
constexpr std::array<unsigned long, 2> typing{TIOCSTI, TIOCLINUX};

// A filter that is being made. A call that this libseccomp has no name for is passed over.
class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ALLOW)) {
    if (!context_) {
      failure_ = ENOMEM;
      return;
    }
    // Disables the mitigation against reading other processes' memory by timing: it would slow this
    // process down, and what it computes is not secret.
    static_cast<void>(seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_SSB, 1));
  }

  void deny(Names names) {
    for (const char* name : names)
      deny_where(name, {});
  }

  // Denies the call when that argument compares so.
  void deny(const char* name, const scmp_arg_cmp& when) { deny_where(name, std::span(&when, 1)); }

  // 0, or an errno.
  [[nodiscard]] int load() {
    if (failure_ == 0) note(seccomp_load(context_.get()));
    return failure_;
  }

 private:
  void deny_where(const char* name, std::span<const scmp_arg_cmp> when) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR || failure_ != 0) return;
    note(seccomp_rule_add_array(context_.get(), SCMP_ACT_ERRNO(EPERM), number,
                                static_cast<unsigned>(when.size()), when.data()));
  }

  void note(int result) {
    if (result < 0 && failure_ == 0) failure_ = -result;
  }
  struct Release {
    void operator()(void* context) const { seccomp_release(context); }
  };
  std::unique_ptr<void, Release> context_;
  int failure_ = 0;
};

void deny_ending_others(Filter& filter) {
  filter.deny(ending);
  const auto own = static_cast<scmp_datum_t>(getpid());
  for (const char* name : ending_with_pid)
    filter.deny(name, {0, SCMP_CMP_NE, own, 0});
}

void deny_writing(Filter& filter) {
  filter.deny(writing);
  for (const int flag : writing_flags) {
    const auto bits = static_cast<scmp_datum_t>(flag);
    filter.deny("open", {1, SCMP_CMP_MASKED_EQ, bits, bits});
    filter.deny("openat", {2, SCMP_CMP_MASKED_EQ, bits, bits});
  }
}

void deny_other_families(Filter& filter) {
  for (int family = 0; family <= *std::ranges::max_element(families); ++family)
    if (std::ranges::find(families, family) == families.end())
      filter.deny("socket", {0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(family), 0});
  filter.deny("socket", {0, SCMP_CMP_GT, static_cast<scmp_datum_t>(AF_NETLINK), 0});
}

// The kernel looks at the lower half of the argument alone.
void deny_typing(Filter& filter) {
  constexpr scmp_datum_t lower_half = 0xffffffff;
  for (const auto order : typing)
    filter.deny("ioctl", {1, SCMP_CMP_MASKED_EQ, lower_half, order});
}

void deny_all(Filter& filter, Confinement confinement) {
  filter.deny(for_nobody);
  deny_typing(filter);
  switch (confinement) {
    case Confinement::none: break;
    case Confinement::spawns: filter.deny(accepting); break;
    case Confinement::serves:
      filter.deny(starting);
      deny_ending_others(filter);
      break;
    case Confinement::fetches:
      filter.deny(starting);
      filter.deny(accepting);
      deny_ending_others(filter);
      deny_other_families(filter);
      break;
    case Confinement::computes:
      filter.deny(starting);
      filter.deny(accepting);
      deny_ending_others(filter);
      filter.deny(connecting);
      deny_writing(filter);
      break;
  }
}

}  // namespace

bool can_confine() {
#if defined(DEVY_SANITIZED) || defined(DEVY_COVERED)
  return false;
#else
  // It says whether there is a filter already, where there can be one.
  return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
#endif
}

std::string confine(Confinement confinement) {
  if (confinement == Confinement::none || !can_confine()) return {};
  if (confinement == Confinement::computes)
    if (auto why = restrict_files({.readable = files_of_programs(), .writable = {}}); !why.empty())
      return why;
  Filter filter;
  deny_all(filter, confinement);
  const int failure = filter.load();
  return failure == 0 ? std::string() : std::strerror(failure);
}

}  // namespace devy::process
