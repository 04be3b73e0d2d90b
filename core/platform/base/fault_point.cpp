#include "core/platform/base/fault_point.hpp"

#ifdef DEVY_FAULT_POINTS

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/platform/base/error.hpp"

namespace devy::base {
namespace {

struct Fault {
  std::string point, action;
  long nth = 0;  // 0: each time
};

std::vector<Fault> read_faults() {
  std::vector<Fault> faults;
  const char* text = std::getenv("DEVY_FAULT");
  std::istringstream entries(text != nullptr ? text : "");
  for (std::string entry; std::getline(entries, entry, ',');) {
    const auto equals = entry.find('=');
    const auto colon = entry.substr(0, equals).find(':');
    if (equals == std::string::npos) throw std::invalid_argument("DEVY_FAULT=" + entry);
    Fault fault{entry.substr(0, std::min(colon, equals)), entry.substr(equals + 1)};
    if (colon != std::string::npos) fault.nth = std::stol(entry.substr(colon + 1));
    faults.push_back(std::move(fault));
  }
  return faults;
}

// Returns how often the point was passed, this time included. The file's length is the count for
// all processes: each append is atomic, and its end position is the number.
long count(const std::string& point) {
  if (const char* file = std::getenv("DEVY_FAULT_COUNT")) {
    const auto name = std::string(file) + "." + point;
    const int descriptor = open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const auto written = write(descriptor, ".", 1);
    const auto length = lseek(descriptor, 0, SEEK_CUR);
    close(descriptor);
    if (written == 1) return length;
  }
  static std::mutex mutex;
  static std::map<std::string, long> counts;
  const std::scoped_lock lock(mutex);
  return ++counts[point];
}

void act(const std::string& point, const std::string& action) {
  constexpr std::string_view delay = "delay_";
  if (action == "kill") raise(SIGKILL);
  else if (action == "stop") raise(SIGSTOP);
  else if (action == "abort") std::abort();
  else if (action == "throw") throw std::runtime_error("fault at " + point);
  else if (action == "eio")
    throw Error(ErrorKind::internal, "unable to go on at " + point + ": Input/output error",
                "A test asked for this.");
  else if (action.starts_with(delay))
    std::this_thread::sleep_for(std::chrono::milliseconds(std::stol(action.substr(delay.size()))));
  else throw std::invalid_argument("DEVY_FAULT has no action " + action);
}

}  // namespace

void fault_point(std::string_view name) {
  static const auto faults = read_faults();
  for (const auto& fault : faults) {
    if (fault.point != name) continue;
    if (fault.nth == 0 || count(fault.point) == fault.nth) act(fault.point, fault.action);
  }
}

}  // namespace devy::base

#endif
