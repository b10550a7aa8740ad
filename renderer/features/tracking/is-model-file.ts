const modelFile =
  /(^|\/)MLmodel$|\.(pkl|pickle|joblib|skops|pt|pth|ckpt|onnx|safetensors|keras|h5|hdf5|cbm|ubj|bst|gguf|tflite|rds)$/i;

/** Whether a file is a model, or says what one is, by the name that libraries give to theirs. */
export const isModelFile = (path: string): boolean => modelFile.test(path);
