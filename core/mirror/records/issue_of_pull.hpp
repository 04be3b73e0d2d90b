#pragma once
// The issue that a pull request also is, as far as the pull request's document tells. Pure; any
// thread.

#include <cstdint>

#include "core/mirror/records/record.hpp"

namespace devy::records {

// `issue_id` is that of the row with the pull request's number: the document does not tell it, so
// such a row can be changed and not be made. Links are left out: they are kept by the number
// anyway.
[[nodiscard]] Record issue_of_pull(const Record& pull, std::int64_t issue_id);

}  // namespace devy::records
