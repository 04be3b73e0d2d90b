#pragma once
// One run of an outbound operation under one lease. Private to this folder; one thread. Throws what
// pg::Connection, scan::Api and Attempt::check throw, and Paced.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "core/mirror/scan/api.hpp"
#include "core/mirror/scan/list.hpp"
#include "core/mirror/store/row_observer.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/sync/merging/merging.hpp"
#include "core/sync/outbound/caller.hpp"
#include "core/sync/outbound/content.hpp"
#include "core/sync/store/inbound_store.hpp"
#include "core/sync/store/outbound_store.hpp"

namespace devy::outbound {

struct RunParts {
  queue::Attempt& attempt;
  const queue::HandlerContext& context;
  const mirror::RowObservers& observers;
  github::Access& access;
  github::Repository& repository;
  const sync::Reason& reason;
};

class Run {
 public:
  // `sending`: of the attempt's operation.
  Run(const RunParts& parts, sync::Sending sending);

  // Nothing: the attempt has been ended.
  [[nodiscard]] std::optional<queue::AttemptResult> go();
  // The limit that the requests count against now.
  [[nodiscard]] std::string share() const { return speaker().share(); }
  // Writes down the requests that no result has been written for.
  void note_calls();
  [[nodiscard]] const sync::Sending& sending() const { return sending_; }
  [[nodiscard]] bool has_written() const { return caller_.writes() > 0; }

 private:
  using Result = std::optional<queue::AttemptResult>;
  // An answer with the item itself, to be written into the mirror's rows.
  struct Item {
    github::Answer answer;
    records::Records records;
    std::int64_t key = 0;
    std::optional<std::int64_t> id;  // of an issue
  };

  [[nodiscard]] scan::Api& speaker() { return user_ ? *user_ : api_; }
  [[nodiscard]] const scan::Api& speaker() const { return user_ ? *user_ : api_; }
  [[nodiscard]] Result find_obstacle();
  // Edits and deletions.
  [[nodiscard]] Result bring_together();
  [[nodiscard]] std::optional<Item> look(bool& is_unchanged);
  [[nodiscard]] Result end_there();
  [[nodiscard]] Result send_edit(const merging::Result& merged);
  [[nodiscard]] Result delete_there(const merging::Result& merged);
  // Sends the requests; `refused` gets the fields that GitHub would not take, `item` the last
  // answer with the item. A result: nothing more can be sent.
  [[nodiscard]] Result send_all(const Plan& plan, std::optional<Item>& item,
                                std::set<std::string>& refused);
  // Creations.
  [[nodiscard]] Result create();
  [[nodiscard]] Result look_up();
  [[nodiscard]] std::vector<Item> find_made();
  [[nodiscard]] Result adopt(std::vector<Item> found);
  void drop_second(const Item& item);
  void end_intent();
  void choose_speaker();
  [[nodiscard]] Result record_answer(const std::optional<Item>& item,
                                     const std::set<std::string>& sent_fields,
                                     const std::set<std::string>& not_taken, const char* outcome,
                                     int version);
  [[nodiscard]] Result refuse(const base::Error& error, const std::set<std::string>& fields);
  [[nodiscard]] Result block(const std::string& reason, const base::Error& error);
  [[nodiscard]] Result end_unchanged(const char* outcome);

  [[nodiscard]] Item item_of(github::Answer answer) const;
  void apply(const Item& item);
  [[nodiscard]] record::TaskFields fields() const;
  void begin(const std::string& step, bool is_interruptible);
  void fence() const;
  void write_note(sync::SendingNote note);
  [[nodiscard]] std::string issues() const;
  [[nodiscard]] const scan::List& list() const;

  RunParts parts_;
  pg::Connection& connection_;
  sync::Sending sending_;
  scan::Api api_;
  std::unique_ptr<scan::Api> user_;  // the author's own
  Caller caller_;
  std::set<std::string> unknown_;  // fields that GitHub has no name for
  std::optional<base::Error> refusal_;
  int noted_writes_ = 0, noted_contents_ = 0;
};

}  // namespace devy::outbound
