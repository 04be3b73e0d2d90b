#pragma once
// The native protocol of systemd's journal: one event is one datagram of named fields, so that
// `journalctl DEVY_UPLOAD_ID=…` finds it. The log writes to it where its stderr is the journal
// (log_journal.hpp). Any thread.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/descriptor.hpp"

namespace devy::base {

inline constexpr const char* journal_socket = "/run/systemd/journal/socket";

// Whether what is written to `descriptor` goes to the journal: whoever connected it says so in
// JOURNAL_STREAM, by its device and inode. `stream` may be null.
[[nodiscard]] bool is_journal(const char* stream, int descriptor);

struct JournalEntry {
  int priority = 6;  // syslog's: 3 is an error, 7 is for debugging
  std::string_view event, message;
  // "upload" becomes DEVY_UPLOAD_ID, others DEVY_ and their name in capitals.
  std::vector<std::pair<std::string_view, std::string>> fields;
};

// As the protocol wants it. MESSAGE_ID is made of the event's phrase: the same for the same event.
[[nodiscard]] std::string journal_datagram(const JournalEntry& entry);

class Journal {
 public:
  explicit Journal(std::string socket_path);
  // False: nobody takes it, or not soon.
  [[nodiscard]] bool send(std::string_view datagram) const;

 private:
  const std::string path_;
  Descriptor socket_;
};

}  // namespace devy::base
