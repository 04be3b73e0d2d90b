#pragma once
// The meaning of a delivery for the mirror: which things its event tells of, the documents that it
// has of each, and whether it tells of a thing's end. Subscribers record an operation for each
// thing, and the operation applies what is found here. Pure; any thread. Throws base::Error for a
// payload without the thing, or whose document has no identity.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/mirror/records/records.hpp"
#include "core/mirror/scan/list.hpp"
#include "core/mirror/store/sweep_store.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/json/reader.hpp"
#include "core/platform/webhook/scope.hpp"

namespace devy::scan {

// Maps an event to a thing that it tells of: the member of its payload, and the list of that.
struct Meaning {
  std::string_view event, member, list;
  // The document in the payload is not all that counts: GitHub is asked.
  bool is_only_a_reason = false;
};
[[nodiscard]] std::span<const Meaning> meanings();

// The member of payloads in which an item of the list stands; "" for a list that no event tells of.
[[nodiscard]] std::string_view member_of_list(std::string_view list);

// Whether the event tells that the thing has ended where it was.
[[nodiscard]] bool is_end(const Meaning& meaning, std::string_view action);

// A delivery, as far as one of its things is concerned; borrowed for the call.
struct Told {
  const json::Value& payload;
  std::string_view event, action;
  std::string_view member;
  const List& list;
  webhook::Scope scope;
  base::TimePoint received_at;
  std::int64_t repository_id;
};

// The thing, what is nested in it, and its repository. Of a repository's own secret only the
// repository's figures are believed, and not who it is: whoever knows it could name another.
[[nodiscard]] records::Records records_of(const Told& told);

// Nothing where the thing goes on.
[[nodiscard]] std::optional<mirror::RowEnd> end_of(const Told& told);

}  // namespace devy::scan
