"""A network for TensorFlow, as an expert would run it in a worker of one core: built once a process, one
tf.function."""

import functools
import json
import os


def one_thread_tensorflow():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    return tf


def from_npz(tf, path, size):
    """The operations that networks.py wrote, as Keras layers."""
    import numpy as np

    stored = np.load(path)
    layout = json.loads(str(stored["layout"]))
    values, layers = {}, tf.keras.layers
    for step in layout["steps"]:
        name, inputs = step["name"], [values[i] for i in step["inputs"]]
        if step["op"] == "input":
            image = values[name] = tf.keras.Input((size, size, 3))
        elif step["op"] in ("convolution", "depthwise"):
            kernel, bias = stored[f"{name}/kernel"], stored[f"{name}/bias"]
            if step["op"] == "depthwise":  # [channels, 1, h, w] -> [h, w, channels, 1]
                kernel = kernel.transpose(2, 3, 0, 1)
                layer = layers.DepthwiseConv2D(kernel.shape[:2], step["stride"], "same")
            else:  # [out, in, h, w] -> [h, w, in, out]
                kernel = kernel.transpose(2, 3, 1, 0)
                layer = layers.Conv2D(kernel.shape[3], kernel.shape[:2], step["stride"], "same")
            values[name] = layer(inputs[0])
            layer.set_weights([kernel, bias])
        elif step["op"] == "relu6":
            values[name] = layers.ReLU(6.0)(inputs[0])
        elif step["op"] == "sum":
            values[name] = layers.Add()(inputs)
        elif step["op"] == "mean":
            values[name] = layers.GlobalAveragePooling2D()(inputs[0])
    mean, scale = (np.array(layout[f"{key}_values"].split(), np.float32) for key in ("mean", "scale"))
    return tf.keras.Model(image, values[name]), mean, scale


@functools.cache
def extractor(path, size):
    """A function from u8 [n, size, size, 3] to f32 [n, features]; the same for every task of this process."""
    tf = one_thread_tensorflow()
    model, mean, scale = from_npz(tf, path, size)

    @tf.function(input_signature=[tf.TensorSpec([None, size, size, 3], tf.uint8)], reduce_retracing=True)
    def infer(images):
        return model((tf.cast(images, tf.float32) - mean) / scale, training=False)

    return lambda images: infer(images).numpy()
