#pragma once
// The links of an upload: where those of its documents lead, which files become assets, and which
// posts that it does not write must be put right because what they link to moved, came, went or
// changed. Everything that reads or stores happens here before the publish transaction; filling a
// document in it then only looks things up. Owned by one attempt; one thread.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/pg/connection.hpp"
#include "core/publish/link_resolver.hpp"
#include "core/publish/spool.hpp"
#include "core/repository/clone.hpp"
#include "core/store/link_store.hpp"
#include "core/upload/asset_shelf.hpp"
#include "core/upload/rendering.hpp"
#include "core/upload/tree.hpp"

namespace devy::upload {

// More warnings about links than these are not collected; far more than are ever kept.
inline constexpr std::size_t link_warnings_max = 1'000;

struct LinkInput {
  blog::BlogName blog;
  const Tree& tree;
  const std::vector<publish::KnownPost>& posts;  // as they stand
  const publish::PublishPlan& plan;
  std::function<void()> check = {};  // throws when the attempt should stop
};

// A post that stays as it is but for its links.
struct Relink {
  base::PostId post;
  std::string path;
  std::optional<std::string> cover_target;
  std::size_t document = 0;  // in Linking::others(): its HTML with empty places
};

class Linking {
 public:
  // Borrows config, clone and what `input` refers to.
  Linking(const config::Config& config, const repository::Clone& clone, LinkInput input,
          AssetCalls assets);
  Linking(const Linking&) = delete;
  Linking& operator=(const Linking&) = delete;

  // Resolves the links of all documents that the plan writes.
  void resolve_written(const Rendering& rendering);
  // Finds the posts whose links lead elsewhere now. One that cannot be put right keeps its links,
  // with a warning.
  void resolve_others(pg::Connection& connection, const base::BlogId& blog);

  // Fills the places of a document that was resolved before. Its cover becomes a URL, too.
  [[nodiscard]] publish::PostLinks fill(markdown::Document& document,
                                        const std::string& path) const;
  [[nodiscard]] publish::PostLinks fill(markdown::Document& document, const Relink& relink) const;
  // The files among them that are assets.
  [[nodiscard]] static std::vector<std::string> asset_paths(const publish::PostLinks& links);

  // What the links depend on after this publish; while it is the stored one, resolve_others() finds
  // nothing.
  [[nodiscard]] const std::string& digest() const { return digest_; }
  // False: something is left for the next upload to do, whatever the digest says.
  [[nodiscard]] bool is_complete() const { return is_complete_ && shelf_.is_complete(); }
  [[nodiscard]] std::vector<store::BlogAsset> new_assets() const { return shelf_.news(); }
  [[nodiscard]] bool has_looked_at_others() const { return has_looked_at_others_; }
  [[nodiscard]] const std::vector<Relink>& relinks() const { return relinks_; }
  [[nodiscard]] const publish::Spool& others() const { return others_; }
  [[nodiscard]] const std::vector<snapshot::FileError>& warnings() const { return warnings_; }

 private:
  publish::Resolution resolve(markdown::FileLink::Use use, const std::string& target) const;
  void warn(const std::string& path, const markdown::FileLink& link, const std::string& problem);
  void bring_files(const markdown::Document& document);
  void resolve_document(const markdown::Document& document, const std::string& path);
  void resolve_other(pg::Connection& connection, const store::LinkedPost& post);

  const repository::Clone& clone_;
  LinkInput input_;
  AssetShelf shelf_;
  std::vector<publish::PostPlace> places_;
  publish::LinkResolver resolver_;
  publish::Spool others_;
  std::string digest_;
  std::vector<Relink> relinks_;
  std::vector<snapshot::FileError> warnings_;
  bool is_complete_ = true, has_looked_at_others_ = false;
};

}  // namespace devy::upload
