#pragma once
// A record as the SQL functions of the mirror take it: an element of the arrays that
// core/mirror/judge.sql describes. Pure; any thread.

#include "core/mirror/records/record.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/platform/json/json.hpp"

namespace devy::mirror {

[[nodiscard]] json::Json sent_document(const records::Record& record, const ApplyOptions& options);

// All records as mirror_apply takes them: {"<table>": [document, …], …}, by ascending ids.
[[nodiscard]] json::Json sent_documents(const records::Records& records,
                                        const ApplyOptions& options);

}  // namespace devy::mirror
