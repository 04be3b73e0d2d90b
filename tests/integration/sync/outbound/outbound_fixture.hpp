#pragma once
// A synced connection with one issue, and what people do with its records, for tests of what is
// sent to GitHub. One thread.

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

#include "core/sync/store/edit_store.hpp"
#include "tests/support/sync/sync_fixture.hpp"

namespace devy::testing {

class OutboundFixture : public SyncFixture {
 protected:
  OutboundFixture();

  // Makes a task of alice's; nothing is sent before run_all().
  sync::Added add_task(const std::string& title, const std::string& body = "");
  sync::Added add_comment(const std::string& task, const std::string& body);
  sync::Edited edit(const std::string& task, const sync::TaskChange& change);
  // What is given back for a while is due at once.
  void run_again();
  // The task of the issue that was there at first.
  [[nodiscard]] std::string first_task() const;
  // The stand-in's facts: of an issue by its number, and of all of its comments.
  [[nodiscard]] nlohmann::json issue(std::int64_t number) const;
  [[nodiscard]] std::vector<nlohmann::json> comments() const;
  [[nodiscard]] std::int64_t number_of(const std::string& task) const;
  // "POST /repos/alice/notes/issues", of all requests since the last reset.
  [[nodiscard]] std::vector<std::string> writes() const;
  [[nodiscard]] std::vector<std::string> requests() const;
  // The newest outbound operation of a record: "completed sent".
  [[nodiscard]] std::string outcome(const std::string& record) const;
  [[nodiscard]] std::string column(const std::string& record, const std::string& name) const;
  [[nodiscard]] bool is_equal() const;

  std::string alice_, bob_, connection_;
};

}  // namespace devy::testing
