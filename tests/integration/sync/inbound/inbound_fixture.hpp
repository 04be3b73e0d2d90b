#pragma once
// A project whose repository alice/notes (7) is connected, and what GitHub tells of it: payloads
// become deliveries, and the workers run what these bring. One thread.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/mirror/subscriber.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/sync/inbound/observer.hpp"
#include "core/sync/inbound/subscriber.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::testing {

using Document = nlohmann::json;

class InboundTest : public ::testing::Test {
 protected:
  InboundTest();

  // An issue as GitHub has it, last changed in that second of the day.
  static Document issue(int number, const std::string& title, int second);
  static Document comment(std::int64_t id, const std::string& body, int second);
  // Takes in what GitHub tells, and returns the states of sync's operations that it brought.
  std::string tell(const std::string& event, const std::string& action, const Document& members);
  std::string tell_issue(const std::string& action, const Document& issue);
  std::string tell_comment(const std::string& action, const Document& comment,
                           const Document& issue);
  // Tells it again, under the GUID that it had last.
  std::string tell_again(const std::string& event, const std::string& action,
                         const Document& members);
  // What waits in the lane `work`: sync's own operations, or the mirror's, too.
  void run(bool with_mirror = false);

  // Makes the task of an issue that GitHub told of.
  std::string make_task(const Document& issue);
  // An edit that somebody made here and that GitHub has not heard of yet.
  void edit_here(int number, const std::string& assignment) const;

  [[nodiscard]] std::string task(const std::string& columns, int number = 1) const;
  [[nodiscard]] std::string link(const std::string& columns, int number = 1) const;
  [[nodiscard]] std::string outcomes() const;  // of sync's operations, in their order
  // The versions of a task: "1 github", "2 local lost to 3".
  [[nodiscard]] std::string versions(int number = 1) const;

  TestDatabase database_;
  pg::Connection connection_;
  config::Config config_;
  mirror::Subscriber mirror_;
  inbound::Subscriber sync_;
  inbound::Observer observer_;

 private:
  std::string tell_as(const std::string& guid, const std::string& event, const std::string& action,
                      const Document& members);
  int deliveries_ = 0;
};

}  // namespace devy::testing
