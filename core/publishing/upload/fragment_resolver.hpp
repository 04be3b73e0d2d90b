#pragma once
// Which places posts have, for links such as "other.md#install": from the documents of this upload,
// else from the database. What is asked for the first time is noted, and found by load(), so that
// inside a publish's transaction everything is known. Owned by one attempt; one thread.

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/publishing/markdown/anchor.hpp"
#include "core/publishing/plan/plan.hpp"
#include "core/publishing/plan/spool.hpp"
#include "core/publishing/store/link_store.hpp"

namespace devy::upload {

// Limit for the different links to places on other posts that are looked into; further ones count
// as alive, and this keeps the memory small.
inline constexpr std::size_t fragments_max = 200'000;

class FragmentResolver {
 public:
  using Stored =
      std::function<std::vector<publishing::PostAnchors>(const std::vector<std::string>& paths)>;

  // Borrows the plan and the spool of its documents. `stored` may be empty.
  FragmentResolver(const plan::PublishPlan& plan, const plan::Spool& documents, Stored stored)
      : plan_(plan), documents_(documents), stored_(std::move(stored)) {}

  // Answers as plan::LinkSources::anchor; before load() it does not know.
  [[nodiscard]] std::optional<std::string> find(const std::string& path,
                                                const std::string& fragment);
  // Finds what find() did not know.
  void load();

  // The anchors of a document that this upload writes; null when it writes none at `path`. Stays
  // valid until the next call.
  using Known = std::optional<markdown::Anchors>;  // nothing: not known
  [[nodiscard]] const Known* written(const std::string& path);

 private:
  void settle(const std::string& path, const std::set<std::string>& fragments,
              const Known& anchors);

  const plan::PublishPlan& plan_;
  const plan::Spool& documents_;
  Stored stored_;
  std::optional<std::unordered_map<std::string, std::size_t>> document_of_;  // by path
  std::unordered_map<std::string, Known> read_;                              // of written ones
  std::size_t kept_ = 0;                                                     // anchors in them
  std::map<std::string, std::set<std::string>> wanted_;                      // path → fragments
  // By path, '#' and fragment: what find() returns.
  std::unordered_map<std::string, std::optional<std::string>> found_;
};

// Converts anchors as they are stored.
[[nodiscard]] FragmentResolver::Known to_set(const std::optional<std::vector<std::string>>& ids);

}  // namespace devy::upload
