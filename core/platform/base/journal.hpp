#pragma once
// The native protocol of systemd's journal: one event is one datagram of named fields, so that
// `journalctl DEVY_OPERATION_ID=…` finds it. The log writes to it where its stderr is the journal
// (log_journal.hpp). Any thread.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/base/descriptor.hpp"

namespace devy::base {

inline constexpr const char* journal_socket = "/run/systemd/journal/socket";

// Tells whether output to `descriptor` goes to the journal: the process that connected it states so
// in JOURNAL_STREAM, by device and inode. `stream` may be null.
[[nodiscard]] bool is_journal(const char* stream, int descriptor);

struct JournalEntry {
  int priority = 6;  // syslog's numbers: 3 is an error, 7 is for debugging
  std::string_view event, message;
  // "operation" becomes DEVY_OPERATION_ID; other names become DEVY_ and the name in capitals.
  std::vector<std::pair<std::string_view, std::string>> fields;
};

// Encodes the entry as the protocol requires. MESSAGE_ID is derived from the event's phrase, so the
// same event has the same id.
[[nodiscard]] std::string journal_datagram(const JournalEntry& entry);

class Journal {
 public:
  explicit Journal(std::string socket_path);
  // Returns false when nobody reads the socket, or not soon enough.
  [[nodiscard]] bool send(std::string_view datagram) const;

 private:
  const std::string path_;
  Descriptor socket_;
};

}  // namespace devy::base
