#include "core/platform/queue/rescue.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <vector>

#include "core/platform/queue/read_row.hpp"

namespace devy::queue {
namespace {

// The initial process namespace has this inode on every Linux (PROC_PID_INIT_INO). In any other one
// the same host name may be several containers, whose processes we cannot see.
constexpr std::string_view initial_namespace = "pid:[4026531836]";
constexpr std::string_view unknown = "unknown";
// So many digits of the boot's UUID: 48 random bits tell any number of machines apart, and a name
// stays short enough to be read.
constexpr std::size_t boot_digits = 12;

// Each boot of each machine has its own: host names, process ids and start times repeat between
// machines that were cloned, and between containers of one image on several machines.
std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  std::erase(id, '-');
  return id.size() >= boot_digits ? id.substr(0, boot_digits) : std::string(unknown);
}

std::string process_namespace() {
  std::array<char, 64> space{};
  const auto length = readlink("/proc/self/ns/pid", space.data(), space.size());
  const std::string_view found(space.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  if (found.size() <= initial_namespace.find('[') + 2) return std::string(unknown);
  if (found == initial_namespace) return {};
  return std::string(found.substr(5, found.size() - 6));
}

// The part of a name that processes share whose deaths we can see: "<host>+<boot>[+<namespace>]".
std::string machine_name() {
  std::array<char, 256> host{};
  std::string name = gethostname(host.data(), host.size() - 1) == 0 ? std::string(host.data())
                                                                    : std::string(unknown);
  name += "+" + boot_id();
  if (const auto space = process_namespace(); !space.empty()) name += "+" + space;
  return name;
}

// Where the boot or the namespace is not known, another machine may have the same name.
bool is_certain(std::string_view machine) {
  return machine.find("+" + std::string(unknown)) == std::string_view::npos;
}

// Field 22 of /proc/<pid>/stat, counted after the command, which may hold spaces and parentheses.
std::optional<std::string> start_time(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  const auto command_end = line.rfind(')');
  if (command_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(command_end + 1));
  std::string field;
  for (int number = 3; number <= 22; ++number) {
    if (!(fields >> field)) return std::nullopt;
    // It has ended but was not reaped: the first process of some containers never reaps.
    if (number == 3 && field == "Z") return "ended";
  }
  return field;
}

// "<pid>.<start time>/<number>". What cannot be read is not called dead.
bool is_dead(std::string_view process) {
  const auto dot = process.find('.');
  const auto slash = process.find('/');
  if (dot == std::string_view::npos || slash == std::string_view::npos || dot > slash) return false;
  pid_t pid = 0;
  const auto parsed = std::from_chars(process.data(), process.data() + dot, pid);
  if (parsed.ec != std::errc() || pid <= 0) return false;
  if (kill(pid, 0) != 0 && errno == ESRCH) return true;
  const auto started = start_time(pid);
  return started && *started != process.substr(dot + 1, slash - dot - 1);
}

}  // namespace

constexpr pg::Statement rescue_operation{"rescue_operation", R"sql(
  select o_id, o_state
    from operation_rescue())sql"};

std::optional<Rescued> rescue_one(pg::Connection& connection) {
  const auto result = connection.one(rescue_operation);
  if (result[0].is_null("o_id")) return std::nullopt;
  return Rescued{read_id(result[0], "o_id"), read_state(result[0], "o_state")};
}

std::string process_name(int pid) {
  return machine_name() + "/" + std::to_string(pid) + "." + start_time(pid).value_or("0");
}

std::string worker_name(int number) {
  return process_name(getpid()) + "/" + std::to_string(number);
}

constexpr pg::Statement find_workers_of_machine{"find_workers_of_machine", R"sql(
  select distinct worker
    from lease
   where operation_id is not null
     and starts_with(worker, $1::text))sql"};

constexpr pg::Statement release_workers{"release_workers", R"sql(
  select operation_release(p_workers => $1::text[], p_outcome => 'rescued') as released)sql"};

int release_dead_workers(pg::Connection& connection) {
  const auto machine = machine_name();
  if (!is_certain(machine)) return 0;
  const auto prefix = machine + "/";
  std::vector<std::string> dead;
  const auto held = connection.query(find_workers_of_machine, pg::Params(prefix));
  for (const auto row : held)
    if (is_dead(row.view("worker").substr(prefix.size()))) dead.push_back(row.text("worker"));
  if (dead.empty()) return 0;
  return static_cast<int>(connection.one(release_workers, pg::Params(dead))[0].integer("released"));
}

constexpr pg::Statement give_back_claims{"give_back_claims", R"sql(
  select operation_release(p_workers => array[$1::text], p_outcome => 'interrupted') as released)sql"};

int give_back(pg::Connection& connection, const std::string& worker) {
  return static_cast<int>(
      connection.one(give_back_claims, pg::Params(worker))[0].integer("released"));
}

}  // namespace devy::queue
