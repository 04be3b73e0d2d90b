// usage: s3_reader.mjs ENDPOINT PREFIX
// What Amazon's own client finds below the prefix: a line for each object with its key and the
// SHA-256 of its bytes, and how many uploads in parts are open.
import { createHash } from 'node:crypto';
import {
  GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, S3Client,
} from '@aws-sdk/client-s3';

// It warns of the next node otherwise.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const [endpoint, prefix] = process.argv.slice(2);
const s3 = new S3Client({
  endpoint, region: 'us-east-1', forcePathStyle: true,
  credentials: { accessKeyId: 'test:tester', secretAccessKey: 'testing' },
});
const Bucket = 'devy';
for (const { Key } of (await s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }))).Contents ?? []) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  console.log(Key, createHash('sha256').update(await Body.transformToByteArray()).digest('hex'));
}
const open = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix }));
console.log('open', (open.Uploads ?? []).length);
