#pragma once
// Sends the log of log.hpp to the journal, with fields, when this program runs under systemd. Call
// it before there are threads.

#include <string>

namespace devy::base::log {

// From now on each event is sent to that socket, and to stderr only when that fails; an empty path
// returns to stderr. Only tests pass another path than the socket of journal.hpp.
void send_to_journal(const std::string& socket_path);

// Does the same when JOURNAL_STREAM says that stderr is the journal; otherwise nothing changes.
void follow_journal_stream();

}  // namespace devy::base::log
