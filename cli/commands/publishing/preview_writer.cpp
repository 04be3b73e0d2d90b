#include "cli/commands/publishing/preview_writer.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "cli/terminal/progress.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/blog/address.hpp"
#include "core/publishing/post/timezone.hpp"
#include "core/publishing/post/word_count.hpp"
#include "core/publishing/preview/asset_file.hpp"
#include "core/publishing/preview/atom.hpp"
#include "core/publishing/preview/html_urls.hpp"
#include "core/publishing/preview/local_urls.hpp"
#include "core/publishing/preview/page.hpp"
#include "core/publishing/preview/sitemap.hpp"
#include "core/publishing/store/asset_read_store.hpp"
#include "core/publishing/store/head_store.hpp"
#include "core/publishing/upload/tree.hpp"

namespace devy::cli {
namespace {

// The blog's own, as of its head; UTC where this machine does not know it.
post::Timezone zone_of(Context& context, const publishing::Blog& blog) {
  const auto head = publishing::head_state(context.database(), blog.id);
  const auto settings = upload::settings_from_json(head.settings_json);
  return post::Timezone::load(settings.timezone).value_or(post::Timezone());
}

class Writer {
 public:
  Writer(Context& context, const publishing::Blog& blog, const std::vector<publishing::Post>& posts,
         const PageFolder* folder)
      : context_(context),
        blog_(blog),
        posts_(posts),
        folder_(folder),
        site_{blog.name.value_or(blog.slug), blog.description.value_or("")},
        name_{blog.username, blog.slug},
        zone_(zone_of(context, blog)) {
    for (const auto& post : posts)
      slugs_.insert(post.slug);
    find_pages();
    for (auto& asset : publishing::asset_files(context.database(), blog.id))
      assets_.emplace(base::to_hex(asset.sha256), std::move(asset));
    copy_ = {context.config().site.url, blog::blog_url(name_), std::string(blog::assets_prefix),
             [this](std::string_view slug) { return pages_.contains(slug); },
             [this](std::string_view sha256) { return use_asset(sha256); }};
  }

  PreviewCounts run() {
    ProgressLine progress(context_);
    for (std::size_t i = 0; i < posts_.size(); ++i) {
      context_.check_stop();
      write_post(posts_[i]);
      progress.show({blog_.address(), "write", i + 1, posts_.size(), 0});
    }
    write(preview::index_path, preview::index_page(site_, entries_));
    write(preview::feed_path, preview::atom_feed(channel(), feed_entries_));
    write(preview::sitemap_path, preview::sitemap(copy_.origin, with_home(sitemap_pages_)));
    write_assets(progress);
    counts_.posts = entries_.size();
    return counts_;
  }

 private:
  // The addresses that the copy will have, as URLs have them.
  void find_pages() {
    const auto add = [this](const std::string& slug) {
      if (preview::page_path(slug)) pages_.insert(blog::percent_encoded(slug));
    };
    for (const auto& post : posts_) {
      add(post.slug);
      for (const auto& alias : post.url_aliases)
        add(alias);
    }
  }

  void write(std::string_view path, std::string_view text) const {
    if (folder_ != nullptr) folder_->write(path, text);
  }

  // A page without a place is left out with a warning; the others are worth looking at.
  std::optional<std::string> place_of(const std::string& slug) {
    auto path = preview::page_path(slug);
    if (path) return path;
    ++counts_.skipped;
    context_.say("warning: '" + base::safe_text(slug) + "' is no name for a page, left out");
    return path;
  }

  // The post with its text; nothing when an upload took it away since it was listed.
  std::optional<publishing::Post> read_post(const publishing::Post& listed) {
    try {
      auto post = publishing::find_post(context_.database(), blog_, listed.slug);
      return post.id == listed.id ? std::optional(std::move(post)) : std::nullopt;
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::not_found) throw;
      return std::nullopt;
    }
  }

  std::optional<std::string> use_asset(std::string_view sha256) {
    const auto found = assets_.find(sha256);
    if (found == assets_.end()) return std::nullopt;
    used_assets_.insert(found->first);
    return preview::asset_path(found->first, found->second.media_type);
  }

  [[nodiscard]] preview::Entry entry_of(const publishing::Post& post) const {
    preview::Entry entry;
    entry.slug = post.slug;
    entry.title = post.title;
    entry.title_id = post.title_id;
    entry.summary = post.summary;
    entry.tags = post.tags;
    entry.authors = post.authors;
    entry.day = post.published_on.value_or(zone_.day_at(post.published_at));
    entry.is_draft = post.is_draft;
    entry.reading_minutes = post::reading_minutes(post.word_count);
    entry.lang = post.lang;
    entry.cover = post.cover;
    return entry;
  }

  void write_post(const publishing::Post& listed) {
    const auto path = place_of(listed.slug);
    if (!path) return;
    auto post = read_post(listed);
    if (!post) return;
    auto entry = entry_of(*post);
    const auto way = preview::way_up(post->slug);
    const auto localised = [&](std::string_view url) {
      return preview::local_url(copy_, url, way);
    };
    const auto html = preview::change_urls(post->html, localised);
    if (entry.cover) entry.cover = localised(*entry.cover).value_or(*entry.cover);
    write(*path, preview::post_page(site_, entry, html));
    write_redirects(*post, entry);
    if (!post->is_draft) announce(std::move(*post));
    entries_.push_back(std::move(entry));
  }

  void write_redirects(const publishing::Post& post, const preview::Entry& entry) {
    for (const auto& alias : post.url_aliases) {
      if (slugs_.contains(alias)) continue;  // a real page beats a redirect
      const auto path = place_of(alias);
      if (!path) continue;
      write(*path, preview::redirect_page(alias, entry));
      ++counts_.redirects;
    }
  }

  // In the feed and the sitemap, which are for everybody: no draft comes here.
  void announce(publishing::Post&& post) {
    const auto url = blog::post_url(name_, post.slug);
    const auto changed_at = post.revised_at.value_or(post.published_at);
    const auto changed_on = post.revised_at ? post.revised_on : post.published_on;
    sitemap_pages_.push_back({url, changed_on.value_or(zone_.day_at(changed_at))});
    if (feed_entries_.size() >= preview::entries_max) return;
    preview::FeedEntry entry;
    entry.id = post.id.text();
    entry.url = url;
    entry.title = std::move(post.title);
    entry.summary = std::move(post.summary);
    feed_bytes_ += post.html.size();
    if (feed_bytes_ <= preview::content_bytes_max) entry.html = std::move(post.html);
    else feed_bytes_ -= post.html.size();
    entry.authors = std::move(post.authors);
    entry.tags = std::move(post.tags);
    entry.lang = std::move(post.lang);
    entry.published = {post.published_at, post.published_on};
    if (post.revised_at) entry.revised = preview::Date{*post.revised_at, post.revised_on};
    feed_entries_.push_back(std::move(entry));
  }

  [[nodiscard]] preview::Channel channel() const {
    preview::Channel channel;
    channel.id = blog_.id.text();
    channel.title = site_.title;
    channel.subtitle = site_.description;
    channel.author = blog_.username;
    channel.origin = copy_.origin;
    channel.url = copy_.blog_url;
    channel.feed_url = copy_.blog_url + "/" + std::string(preview::feed_path);
    channel.changed_at = blog_.head_at.value_or(blog_.created_at);
    return channel;
  }

  // The blog's own page is as new as its newest post.
  [[nodiscard]] std::vector<preview::Page> with_home(
      const std::vector<preview::Page>& posts) const {
    std::vector<preview::Page> pages{{copy_.blog_url, {}}};
    for (const auto& post : posts) {
      pages.front().changed_on = std::max(pages.front().changed_on, post.changed_on);
      pages.push_back(post);
    }
    return pages;
  }

  void write_assets(ProgressLine& progress) {
    for (const auto& sha256 : used_assets_) {
      context_.check_stop();
      progress.show({blog_.address(), "copy", ++counts_.assets, used_assets_.size(), 0});
      if (folder_ == nullptr) continue;
      const auto& asset = assets_.at(sha256);
      const auto file = folder_->create(preview::asset_path(sha256, asset.media_type));
      const bool is_whole = publishing::read_asset(
          context_.database(), asset, [&](std::string_view piece) { file.append(piece); });
      if (!is_whole) context_.say("warning: asset " + sha256 + " is gone, its file is not whole");
    }
  }

  Context& context_;
  const publishing::Blog& blog_;
  const std::vector<publishing::Post>& posts_;
  const PageFolder* folder_;
  preview::Site site_;
  blog::BlogName name_;
  post::Timezone zone_;
  preview::Copy copy_;

  std::set<std::string, std::less<>> slugs_, pages_, used_assets_;
  std::map<std::string, publishing::AssetFile, std::less<>> assets_;
  std::vector<preview::Entry> entries_;
  std::vector<preview::FeedEntry> feed_entries_;
  std::size_t feed_bytes_ = 0;
  std::vector<preview::Page> sitemap_pages_;
  PreviewCounts counts_;
};

}  // namespace

PreviewCounts write_preview(Context& context, const publishing::Blog& blog,
                            const std::vector<publishing::Post>& posts, const PageFolder* folder) {
  return Writer(context, blog, posts, folder).run();
}

}  // namespace devy::cli
