#pragma once
// Whether what the settings name can be used: addresses, files, secrets, connection strings. The
// settings themselves are judged by config/check.hpp. Here this machine is asked, as the user who
// asks; nothing is changed, bound or sent, and no database is opened.
//
// Each finding names its cause and the next step. `config check`, `doctor` and the daemon at its
// start say the same of the same mistake. Throws nothing but bad_alloc; any thread.

#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/load.hpp"

namespace devy::setup {

// Returns all findings together, in the order of the sections. Those of a listener or of pages that
// have no address are left out: nobody reads their files.
[[nodiscard]] std::vector<config::Problem> examine(const config::Loaded& loaded,
                                                   base::TimePoint now);

// Tells whether a daemon cannot start with it. Where only some of its work would fail, as with a
// token that is gone, it starts and says so: a restart at night must not end what still works.
[[nodiscard]] bool keeps_from_starting(const config::Problem& problem);

}  // namespace devy::setup
