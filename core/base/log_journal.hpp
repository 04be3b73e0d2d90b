#pragma once
// Where the log of log.hpp goes when this program runs below systemd: to the journal, with fields.
// Call before there are threads.

#include <string>

namespace devy::base::log {

// From now on each event is sent there, and to stderr only where that fails; empty: to stderr
// again. The socket of journal.hpp, but for tests.
void send_to_journal(const std::string& socket_path);

// The same where stderr is the journal by JOURNAL_STREAM; else nothing changes.
void follow_journal_stream();

}  // namespace devy::base::log
