{{%AUTOESCAPE context="HTML"}}{{!
The blogs that the reader may see.
  BLOGS_TEXT        include: part_sentence, e.g. "7 blogs, 1 behind its repository."
  MAY_CONNECT       section: CONNECT_URL
  EMPTY             section: include EMPTY_TEXT: part_sentence, why there is none and what to do next
  ROWS              section:
    ROW             section, repeated: BLOG_MARK BLOG_STATE BLOG_URL BLOG_NAME, include BLOG_TEXT: part_sentence, POSTS
                    COMMIT UPLOADED_UTC UPLOADED
  OLDER             section: OLDER_URL, the next page
}}<div class="head"><div><h1>Blogs</h1><p>{{>BLOGS_TEXT}}</p></div>{{#MAY_CONNECT}}<div class="acts"><a class="btn go" href="{{CONNECT_URL}}">Connect a repository</a></div>{{/MAY_CONNECT}}</div>
{{#EMPTY}}
<p class="soft">{{>EMPTY_TEXT}}</p>
{{/EMPTY}}
{{#ROWS}}
<table class="stack" role="table">
<caption class="vh">Blogs</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">Blog</th><th scope="col" class="num md" role="columnheader">Posts</th><th scope="col" class="md" role="columnheader">Shows</th><th scope="col" class="num" role="columnheader">Last upload</th></tr></thead>
<tbody role="rowgroup">
{{#ROW}}
<tr role="row"><td role="cell"><span class="st {{BLOG_MARK}}">{{BLOG_STATE}}</span></td><th scope="row" class="main" role="rowheader"><a href="{{BLOG_URL}}">{{BLOG_NAME}}</a><small class="soft">{{>BLOG_TEXT}}</small></th><td class="num md" role="cell">{{POSTS}}</td><td class="md" role="cell"><code>{{COMMIT}}</code></td><td class="num age" role="cell"><time datetime="{{UPLOADED_UTC}}" data-age>{{UPLOADED}}</time></td></tr>
{{/ROW}}
</tbody>
</table>
{{/ROWS}}
{{#OLDER}}
<nav aria-label="Pages" class="line"><a href="{{OLDER_URL}}">More</a></nav>
{{/OLDER}}
