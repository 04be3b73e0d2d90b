#pragma once
// Which operations a list shows, and what an act on "all that match" means: the filters of the
// address of `/operations`, which its forms carry too. Values; pure, any thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/http/server/fields.hpp"
#include "core/platform/web/html/url.hpp"
#include "core/platform/web/operation_list.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

// A chip above the list: its word, and the states that it means.
struct StateChip {
  std::string_view title, value;
  std::vector<std::string> states;  // empty: all
};
[[nodiscard]] std::span<const StateChip> state_chips();

// The filters; empty ones are left out.
struct AskedOperations {
  const StateChip* chip = nullptr;
  std::string kind, owner, key, code;
  std::optional<std::int64_t> before;
};
// Throws Error(usage) for a state that there is not, and for a `before` that is no number.
[[nodiscard]] AskedOperations read_asked_operations(const server::Fields& fields);
// As much of it as this visitor may see.
[[nodiscard]] web::OperationFilter filter_of(const Visit& visit, const AskedOperations& asked);
// The fields of an address with these filters, but for `before` and the one that is named.
[[nodiscard]] std::vector<html::QueryField> fields_of(const AskedOperations& asked,
                                                      std::string_view without = {});
// The list with these fields, and one more where it has a name.
[[nodiscard]] html::Url operations_url(std::vector<html::QueryField> fields, std::string name = {},
                                       std::string value = {});
// A number of an address or a form. Throws Error(usage), which names the field.
[[nodiscard]] std::int64_t read_number(std::string_view text, std::string_view field);

}  // namespace devy::daemon
