#pragma once
// The links of an upload: where the links of its documents lead, which files become assets, and
// which posts outside this upload must be updated because a target of theirs moved, appeared,
// vanished or changed. Everything that reads or stores happens here before the publish transaction;
// inside the transaction, filling in a document only looks up results. Owned by one attempt; one
// thread.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/platform/base/error.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/plan/link_resolver.hpp"
#include "core/publishing/plan/spool.hpp"
#include "core/publishing/store/link_store.hpp"
#include "core/publishing/upload/asset_resolver.hpp"
#include "core/publishing/upload/fragment_resolver.hpp"
#include "core/publishing/upload/rendering.hpp"
#include "core/publishing/upload/tree.hpp"

namespace devy::upload {

// Limit for the link warnings collected; it is far above the number that is ever kept.
inline constexpr std::size_t link_warnings_max = 1'000;

struct LinkInput {
  blog::BlogName blog;
  const Tree& tree;
  const std::vector<plan::KnownPost>& posts;  // the posts as they are now
  const plan::PublishPlan& plan;
  const Rendering& rendering;
  // The anchors of posts that this upload does not write; without it nobody knows any.
  FragmentResolver::Stored anchors = {};
  std::function<void()> check = {};  // throws when the attempt has to stop
};

// A post of which only the links change.
struct Relink {
  base::PostId post;
  std::string path;
  std::optional<plan::Cover> cover;
  std::size_t document = 0;  // index into Linking::others(), which has its HTML with empty places
};

class Linking {
 public:
  // Borrows config, clone and everything that `input` refers to.
  Linking(const config::Config& config, const git::Clone& clone, LinkInput input,
          AssetCalls assets);
  Linking(const Linking&) = delete;
  Linking& operator=(const Linking&) = delete;

  // Resolves the links of all documents that the plan writes.
  void resolve_written();
  // Finds the posts whose links lead elsewhere now. A post that cannot be updated keeps its links,
  // and a warning is added.
  void resolve_others(pg::Connection& connection, const base::BlogId& blog);
  // The same where the digest says that only places on the posts written here can be others.
  void resolve_places(pg::Connection& connection, const base::BlogId& blog);

  // Fills in the links of a document that was resolved before. Its cover becomes a URL as well.
  [[nodiscard]] plan::PostLinks fill(post::Document& document, const std::string& path) const;
  [[nodiscard]] plan::PostLinks fill(post::Document& document, const Relink& relink) const;
  // Returns those of the linked files that are assets.
  [[nodiscard]] static std::vector<std::string> asset_paths(const plan::PostLinks& links);

  // Digest of everything that the links depend on after this publish. While it equals the stored
  // one, resolve_others() has nothing to do.
  [[nodiscard]] const std::string& digest() const { return digest_; }
  // False when something is left for the next upload, whatever the digest says.
  [[nodiscard]] bool is_complete() const { return is_complete_ && assets_.is_complete(); }
  [[nodiscard]] std::vector<publishing::BlogAsset> new_assets() const {
    return assets_.new_assets();
  }
  [[nodiscard]] bool has_looked_at_others() const { return has_looked_at_others_; }
  [[nodiscard]] const std::vector<Relink>& relinks() const { return relinks_; }
  [[nodiscard]] const plan::Spool& others() const { return others_; }
  [[nodiscard]] const std::vector<snapshot::FileError>& warnings() const { return warnings_; }

 private:
  void warn(const std::string& path, const markdown::FileLink& link, const std::string& problem);
  void bring_files(const post::Document& document);
  void resolve_document(const post::Document& document, const std::string& path);
  [[nodiscard]] plan::LinkSources sources();
  // Looks at the posts that `next_posts` returns, page by page, each time those behind a path.
  using NextPosts = std::function<std::vector<publishing::LinkedPost>(const std::string& after)>;
  void resolve_pages(pg::Connection& connection, const NextPosts& next_posts);
  void resolve_page(pg::Connection& connection, const std::vector<publishing::LinkedPost>& posts);
  void resolve_other(pg::Connection& connection, const publishing::LinkedPost& post,
                     const plan::PostLinks& before);
  [[nodiscard]] std::optional<plan::PostLinks> read_links(const publishing::LinkedPost& post);
  void give_up(const publishing::LinkedPost& post, const base::Error& error);
  void note_fragments(std::span<const markdown::FileLink> links) const;
  void fill_cover(plan::Cover cover, plan::PostLinks& links) const;
  [[nodiscard]] std::vector<std::string> posts_with_other_anchors(pg::Connection& connection,
                                                                  const base::BlogId& blog);

  const git::Clone& clone_;
  LinkInput input_;
  AssetResolver assets_;
  FragmentResolver fragments_;
  std::vector<plan::PostPlace> places_;
  plan::LinkResolver resolver_;
  plan::Spool others_;
  std::string digest_;
  std::vector<Relink> relinks_;
  std::vector<snapshot::FileError> warnings_;
  bool is_complete_ = true, has_looked_at_others_ = false;
};

}  // namespace devy::upload
