{{%AUTOESCAPE context="HTML"}}{{!
Files that a form has uploaded before it is sent, in place of its control for files. With a script alone.
  FILE              section, repeated: FILE_NAME FILE_SIZE REMOVE_URL, where a POST deletes it
    KEPT            section: UPLOAD_TOKEN, by which the form keeps it
}}{{#FILE}}
<li data-uploaded><div class="line"><strong>{{FILE_NAME}}</strong><span class="st ok">uploaded</span><span class="soft">{{FILE_SIZE}}</span><button class="link" type="button" hx-post="{{REMOVE_URL}}" hx-params="none" hx-target="closest li" hx-swap="delete">Remove<span class="vh"> {{FILE_NAME}}</span></button></div>{{#KEPT}}<input type="hidden" name="upload_token" value="{{UPLOAD_TOKEN}}">{{/KEPT}}</li>
{{/FILE}}
