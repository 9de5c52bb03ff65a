/** Encoders by the image of the records, each made when a batch with that image comes first. There are few images. */
import type { Image } from './batch.js';
import { createEncoder, type Encoder, type EncoderOptions } from './encode.js';

/** Finds the encoder for batches of an image. */
export function createEncoders(options?: EncoderOptions): (image: Image) => Encoder {
  const encoders = new Map<Image, Encoder>();
  return (image) => {
    let encoder = encoders.get(image);
    if (encoder === undefined) {
      encoder = createEncoder(image, options);
      encoders.set(image, encoder);
    }
    return encoder;
  };
}
