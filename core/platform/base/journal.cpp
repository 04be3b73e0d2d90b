#include "core/platform/base/journal.hpp"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"

namespace devy::base {
namespace {

// A journal that is stuck holds up an event for so long at most; then stderr gets it.
constexpr timeval send_patience{1, 0};

// The field names of the log, and their names in the journal.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> names{{
    {"operation", "DEVY_OPERATION_ID"},
    {"repository", "DEVY_REPO"},
    {"step", "DEVY_PHASE"},
    {"code", "DEVY_ERROR_CODE"},
    {"fence", "DEVY_EPOCH"},
}};

std::string name_of(std::string_view key) {
  for (const auto& [word, name] : names)
    if (word == key) return std::string(name);
  std::string name = "DEVY_";
  for (const char c : key)
    name += to_upper(c);
  return name;
}

// A value with a line end is given by its length, so that it cannot be taken for a field.
void append(std::string& datagram, std::string_view name, std::string_view value) {
  datagram += name;
  if (value.find('\n') == std::string_view::npos) {
    datagram.append("=").append(value).append("\n");
    return;
  }
  datagram += '\n';
  for (unsigned byte = 0; byte < sizeof(std::uint64_t); ++byte)
    datagram += static_cast<char>((value.size() >> (8 * byte)) & 0xffU);
  datagram.append(value).append("\n");
}

}  // namespace

bool is_journal(const char* stream, int descriptor) {
  struct stat facts {};
  if (stream == nullptr || fstat(descriptor, &facts) != 0) return false;
  return stream == std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
}

std::string journal_datagram(const JournalEntry& entry) {
  constexpr std::size_t id_digits = 32;
  std::string datagram;
  append(datagram, "MESSAGE", entry.message);
  append(datagram, "MESSAGE_ID",
         to_hex(sha256("devy-upload: " + std::string(entry.event))).substr(0, id_digits));
  append(datagram, "PRIORITY", std::to_string(entry.priority));
  append(datagram, "SYSLOG_IDENTIFIER", program_invocation_short_name);
  for (const auto& [key, value] : entry.fields)
    append(datagram, name_of(key), value);
  return datagram;
}

Journal::Journal(std::string socket_path)
    : path_(std::move(socket_path)), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  static_cast<void>(
      setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &send_patience, sizeof send_patience));
}

bool Journal::send(std::string_view datagram) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
  ssize_t sent = -1;
  do
    sent = sendto(socket_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&address), sizeof address);
  while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(datagram.size());
}

}  // namespace devy::base
